using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aigc2d.ServiceDefaults.Http;

/// <summary>RFC 9457 problems of the self-service, admin and finance routes. Each has a stable type and says the way out.</summary>
public static class Problems
{
    private const string TypePrefix = "https://aigc2d.example/problems/";

    /// <summary>400: one field is not acceptable; <paramref name="message"/> says what would be.</summary>
    public static ProblemHttpResult Invalid(string field, string message) =>
        Invalid(new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [message] });

    /// <summary>400: fields are not acceptable.</summary>
    public static ProblemHttpResult Invalid(IDictionary<string, string[]> errors) => Of(
        StatusCodes.Status400BadRequest, "invalid", "The request is not valid", string.Join(" ", errors.SelectMany(e => e.Value.Select(m => $"{e.Key}: {m}"))), errors);

    /// <summary>404: there is no such thing for this caller.</summary>
    public static ProblemHttpResult NotFound(string detail) => Of(StatusCodes.Status404NotFound, "not-found", "Not found", detail);

    /// <summary>409: the request contradicts what is already there.</summary>
    public static ProblemHttpResult Conflict(string type, string detail) => Of(StatusCodes.Status409Conflict, type, "Conflict", detail);

    /// <summary>A problem with a stable <paramref name="type"/>, a status and a detail that names the way out.</summary>
    public static ProblemHttpResult Of(int status, string type, string title, string detail, IDictionary<string, string[]>? errors = null) =>
        TypedResults.Problem(
            detail,
            statusCode: status,
            title: title,
            type: TypePrefix + type,
            extensions: errors is null ? null : [new("errors", errors)]);
}
