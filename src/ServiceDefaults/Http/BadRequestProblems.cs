using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Aigc2d.ServiceDefaults.Http;

/// <summary>Turns a body or parameter that could not be read into a problem that names the field.</summary>
internal sealed partial class BadRequestProblems : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not BadHttpRequestException bad) return false;

        var problem = bad.InnerException is JsonException json
            ? Problems.Invalid(FieldOf(json), MessageOf(json))
            : Problems.Of(bad.StatusCode, "invalid", "The request is not valid", bad.Message);
        await problem.ExecuteAsync(httpContext);
        return true;
    }

    private static string FieldOf(JsonException json)
    {
        var named = QuotedName().Match(json.Message);
        var member = named.Success && (json.Message.Contains("could not be mapped", StringComparison.Ordinal) || json.Message.Contains("missing required", StringComparison.Ordinal))
            ? named.Groups[1].Value
            : null;
        var path = json.Path is null or "$" ? null : json.Path.TrimStart('$').TrimStart('.');
        return member ?? path ?? "body";
    }

    private static string MessageOf(JsonException json) => json.Message switch
    {
        var m when m.Contains("could not be mapped", StringComparison.Ordinal) => "is not a known member.",
        var m when m.Contains("missing required", StringComparison.Ordinal) => "is required.",
        var m when m.Contains("Duplicate property", StringComparison.OrdinalIgnoreCase) => "appears more than once.",
        var m when m.Contains("could not be converted", StringComparison.Ordinal) => "has the wrong type or range.",
        _ => $"is not valid JSON near line {(json.LineNumber ?? 0) + 1}, byte {(json.BytePositionInLine ?? 0) + 1}.",
    };

    [GeneratedRegex(@"(?:property '|including: ')([^']+)'")]
    private static partial Regex QuotedName();
}
