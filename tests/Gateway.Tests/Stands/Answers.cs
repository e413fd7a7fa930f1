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

    /// <summary>The one value of a header; null when it is absent.</summary>
    public static string? Header(this HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) || answer.Content.Headers.TryGetValues(name, out values) ? values.Single() : null;

    private static string? Of(JsonElement element, string name) => element.GetProperty(name).GetString();
}
