using System.Text.Json;
using Aigc2d.Contracts;
using Aigc2d.Gateway.Calls;

namespace Aigc2d.Gateway.Dialects.Anthropic;

/// <summary>Answers somebody in distress with words that help, in the shape of an old text completion. Nothing is charged.</summary>
internal sealed class CompleteSupportAnswer(CallRequest call, Guid requestId) : IResult
{
    private const string FirstVersion = "2023-01-01";
    private const string Text = " " + SupportText.Text;
    private const string StopReason = "stop_sequence";
    private const string Stop = "\n\nHuman:";

    private readonly string _id = $"compl_{requestId:N}";

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = call.Stream ? "text/event-stream" : "application/json";
        response.Headers.CacheControl = "no-cache";
        var body = call.Stream ? Stream(httpContext.Request.Headers[CallHeaders.AnthropicVersion] == FirstVersion) : Completion(Text, StopReason, Stop);
        await response.WriteAsync(body, httpContext.RequestAborted);
    }

    // In the first version each event tells everything that was said so far.
    private string Stream(bool isCumulative) => Event(Text, null, null) + Event(isCumulative ? Text : "", StopReason, Stop);

    private string Event(string text, string? reason, string? stop) => $"event: completion\ndata: {Completion(text, reason, stop)}\n\n";

    private string Completion(string text, string? reason, string? stop) =>
        JsonSerializer.Serialize(new { type = "completion", id = _id, completion = text, stop_reason = reason, stop, model = call.Model, log_id = _id }, ApiError.Readable);
}
