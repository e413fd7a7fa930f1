using System.Text.Json;

namespace Aigc2d.Gateway.Tests.Stands;

/// <summary>Reads answers whole.</summary>
internal static class Answers
{
    public static async Task<string> TextAsync(this HttpResponseMessage answer) => await answer.Content.ReadAsStringAsync();

    /// <summary>Asserts the status and the whole body of an error in OpenAI's dialect, and the headers that every answer has.</summary>
    public static async Task<JsonElement> AssertOpenAiErrorAsync(this HttpResponseMessage answer, int status, string type, string? code, string message, string? param = null)
    {
        var text = await answer.TextAsync();
        var error = JsonDocument.Parse(text).RootElement.GetProperty("error");
        Assert.Equal((status, type, code, message, param), ((int)answer.StatusCode, Of(error, "type"), Of(error, "code"), Of(error, "message"), Of(error, "param")));
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal(7, Guid.Parse(answer.Header("x-request-id")!).Version);
        Assert.Matches(@"^((admission|upstream);dur=[0-9.]+, )*total;dur=[0-9.]+$", answer.Header("Server-Timing"));
        return error;
    }

    /// <summary>Asserts an RFC 9457 problem.</summary>
    public static async Task<JsonElement> AssertProblemAsync(this HttpResponseMessage answer, int status, string type, string detail)
    {
        var problem = JsonDocument.Parse(await answer.TextAsync()).RootElement;
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(
            (status, status, "https://aigc2d.example/problems/" + type, detail),
            ((int)answer.StatusCode, problem.GetProperty("status").GetInt32(), Of(problem, "type"), Of(problem, "detail")));
        return problem;
    }

    /// <summary>Asserts that an error is spelt in the words of its route and says what it is about, and that it can be traced.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="path">The route that was asked.</param>
    /// <param name="status">The status it must have.</param>
    /// <param name="field">The field it must name; null when the body as a whole is meant.</param>
    /// <param name="because">What was sent, for the message of a failed test.</param>
    public static async Task AssertErrorOfAsync(this HttpResponseMessage answer, PublicPath path, int status, string? field = null, string because = "")
    {
        var text = await answer.TextAsync();
        Assert.True((int)answer.StatusCode == status, $"{path}: {(int)answer.StatusCode} instead of {status} for {because}: {text}");
        Assert.Equal((path.IsOfDialect ? "application/json" : "application/problem+json", 7), (answer.Content.Headers.ContentType?.MediaType, Guid.Parse(answer.Header("x-request-id")!).Version));
        Assert.True(IsSpeltFor(path, text, field), $"{path}: '{field}' is not named for {because}: {text}");
    }

    /// <summary>Whether a body is an error in the words of a route that names a field.</summary>
    public static bool IsSpeltFor(PublicPath path, string text, string? field = null)
    {
        using var document = JsonDocument.Parse(text);
        var root = document.RootElement;
        if (!path.IsOfDialect) return Of(root, "title") is { Length: > 0 } && root.GetProperty("status").GetInt32() >= 400;

        var error = root.GetProperty("error");
        var message = Of(error, "message")!;
        if (Of(error, "type") is not { Length: > 0 } || message.Length == 0 || (field is not null && !message.Contains(field, StringComparison.Ordinal))) return false;
        if (path.IsAnthropic) return Of(root, "type") == "error" && Of(root, "request_id") is { Length: > 0 };

        // The path leads to the field, or to the place inside it.
        return error.TryGetProperty("code", out _) && (field is null || Of(error, "param")!.Split('.', '[').Contains(field, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>The one value of a header; null when it is absent.</summary>
    public static string? Header(this HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) || answer.Content.Headers.TryGetValues(name, out values) ? values.Single() : null;

    private static string? Of(JsonElement element, string name) => element.GetProperty(name).GetString();
}
