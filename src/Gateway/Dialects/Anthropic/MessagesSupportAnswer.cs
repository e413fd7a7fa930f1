using Aigc2d.Gateway.Calls;

namespace Aigc2d.Gateway.Dialects.Anthropic;

/// <summary>Answers somebody in distress with words that help, in the shape of a message, so that every client shows them. Nothing is charged.</summary>
internal sealed class MessagesSupportAnswer(CallRequest call, Guid requestId) : SupportAnswer(call)
{
    private const string End = "end_turn";

    private readonly string _id = $"msg_{requestId:N}";

    protected override string Plain() => Json(Message([new { type = "text", text = Text, citations = (object?)null }], End));

    protected override string Stream(HttpRequest request) => string.Concat(Events().Select(one => $"event: {one.Name}\ndata: {Json(one.Data)}\n\n"));

    private object Message(object[] content, string? stopReason) => new
    {
        id = _id,
        type = "message",
        role = "assistant",
        model = Call.Model,
        content,
        stop_reason = stopReason,
        stop_sequence = (string?)null,
        stop_details = (object?)null,
        container = (object?)null,
        usage = new
        {
            input_tokens = 0,
            cache_creation_input_tokens = 0,
            cache_read_input_tokens = 0,
            output_tokens = 0,
            cache_creation = (object?)null,
            server_tool_use = (object?)null,
            service_tier = "standard",
            inference_geo = (string?)null,
        },
    };

    private IEnumerable<(string Name, object Data)> Events()
    {
        yield return ("message_start", new { type = "message_start", message = Message([], null) });
        yield return ("content_block_start", new { type = "content_block_start", index = 0, content_block = new { type = "text", text = "" } });
        yield return ("content_block_delta", new { type = "content_block_delta", index = 0, delta = new { type = "text_delta", text = Text } });
        yield return ("content_block_stop", new { type = "content_block_stop", index = 0 });
        yield return ("message_delta", new { type = "message_delta", delta = new { stop_reason = End, stop_sequence = (string?)null }, usage = new { input_tokens = 0, output_tokens = 0 } });
        yield return ("message_stop", new { type = "message_stop" });
    }
}
