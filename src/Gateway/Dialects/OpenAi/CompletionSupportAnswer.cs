using Aigc2d.Gateway.Calls;

namespace Aigc2d.Gateway.Dialects.OpenAi;

/// <summary>Answers somebody in distress with words that help, in the shape of an old completion. Nothing is charged.</summary>
internal sealed class CompletionSupportAnswer(CallRequest call, Guid requestId, DateTimeOffset now) : SupportAnswer(call)
{
    private static readonly object NoUsage = new { prompt_tokens = 0, completion_tokens = 0, total_tokens = 0 };

    private readonly string _id = $"cmpl-{requestId:N}";
    private readonly long _created = now.ToUnixTimeSeconds();

    protected override string Plain() => Object([Choice(Text, "stop")], NoUsage);

    protected override string Stream(HttpRequest request) => string.Concat(Frames().Select(frame => $"data: {frame}\n\n"));

    private IEnumerable<string> Frames()
    {
        yield return Piece(Text, null);
        yield return Piece("", "stop");
        if (Call.IncludeUsage) yield return Object([], NoUsage);
        yield return "[DONE]";
    }

    private string Piece(string text, string? finish) => Call.IncludeUsage
        ? Object([Choice(text, finish)], null)
        : Json(new { id = _id, @object = "text_completion", created = _created, model = Call.Model, choices = new[] { Choice(text, finish) } });

    private string Object(object[] choices, object? usage) => Json(new { id = _id, @object = "text_completion", created = _created, model = Call.Model, choices, usage });

    private static object Choice(string text, string? finish) => new { text, index = 0, logprobs = (object?)null, finish_reason = finish };
}
