using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Aigc2d.EndToEnd.Tests.Refusals;

/// <summary>What a client is told when the content rules refuse its prompt.</summary>
internal static class RefusedPrompts
{
    /// <summary>The whole answer is as documented; answers the request's id.</summary>
    public static async Task<string> AssertRefusedAsync(this Suite suite, string path, string key, object body, string category)
    {
        using var answer = await suite.SendAsync(HttpMethod.Post, path, key, JsonContent.Create(body));
        var requestId = answer.Headers.GetValues("x-request-id").Single();
        var appeal = $"{suite.BaseUrl}/api/appeals?request={requestId}";
        var message = $"Your request was refused by the content rules (category: {category}). It was not sent to any provider and is not charged. If you think this is wrong, appeal: {appeal}";
        var expected = path == "/v1/messages"
            ? JsonSerializer.Serialize(new { type = "error", error = new { type = "invalid_request_error", message, details = new { error_code = "content_policy_violation", category, appeal } }, request_id = requestId })
            : JsonSerializer.Serialize(new { error = new { message, type = "invalid_request_error", param = (string?)null, code = "content_policy_violation", category, appeal } });

        Assert.Equal((HttpStatusCode.BadRequest, "application/json", expected), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, await answer.Content.ReadAsStringAsync()));
        return requestId;
    }
}
