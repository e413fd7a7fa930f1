using Aigc2d.Contracts;
using Aigc2d.Gateway.Calls;

namespace Aigc2d.Gateway.Dialects.Anthropic;

/// <summary>Answers somebody in distress with words that help, in the shape of an old text completion. Nothing is charged.</summary>
internal sealed class CompleteSupportAnswer(CallRequest call, Guid requestId) : SupportAnswer(call)
{
    private const string FirstVersion = "2023-01-01";
    private const string Spoken = " " + Text;
    private const string StopReason = "stop_sequence";
    private const string Stop = "\n\nHuman:";

    private readonly string _id = $"compl_{requestId:N}";

    protected override string Plain() => Completion(Spoken, StopReason, Stop);

    // In the first version each event tells everything that was said so far.
    protected override string Stream(HttpRequest request) =>
        Event(Spoken, null, null) + Event(request.Headers[CallHeaders.AnthropicVersion] == FirstVersion ? Spoken : "", StopReason, Stop);

    private string Event(string text, string? reason, string? stop) => $"event: completion\ndata: {Completion(text, reason, stop)}\n\n";

    private string Completion(string text, string? reason, string? stop) =>
        Json(new { type = "completion", id = _id, completion = text, stop_reason = reason, stop, model = Call.Model, log_id = _id });
}
