using Aigc2d.Gateway.Calls;

namespace Aigc2d.Gateway.Dialects.OpenAi;

/// <summary>Answers somebody in distress with words that help, in the shape of a completion, so that every client shows them. Nothing is charged.</summary>
internal sealed class ChatSupportAnswer(CallRequest call, Guid requestId, DateTimeOffset now) : SupportAnswer(call)
{
    private static readonly object NoUsage = new { prompt_tokens = 0, completion_tokens = 0, total_tokens = 0 };

    private readonly string _id = $"chatcmpl-{requestId:N}";
    private readonly long _created = now.ToUnixTimeSeconds();

    protected override string Stream(HttpRequest request) => string.Concat(Frames().Select(frame => $"data: {frame}\n\n"));

    protected override string Plain() => Json(new
    {
        id = _id,
        @object = "chat.completion",
        created = _created,
        model = Call.Model,
        choices = new[] { new { index = 0, message = new { role = "assistant", content = Text, refusal = (string?)null }, logprobs = (object?)null, finish_reason = "stop" } },
        usage = NoUsage,
    });

    private IEnumerable<string> Frames()
    {
        yield return Chunk(new { role = "assistant", content = "", refusal = (string?)null }, null);
        yield return Chunk(new { content = Text }, null);
        yield return Chunk(new { }, "stop");
        if (Call.IncludeUsage) yield return Json(new { id = _id, @object = "chat.completion.chunk", created = _created, model = Call.Model, choices = Array.Empty<object>(), usage = NoUsage });
        yield return "[DONE]";
    }

    private string Chunk(object delta, string? finish)
    {
        var choices = new[] { new { index = 0, delta, logprobs = (object?)null, finish_reason = finish } };
        return Call.IncludeUsage
            ? Json(new { id = _id, @object = "chat.completion.chunk", created = _created, model = Call.Model, choices, usage = (object?)null })
            : Json(new { id = _id, @object = "chat.completion.chunk", created = _created, model = Call.Model, choices });
    }
}
