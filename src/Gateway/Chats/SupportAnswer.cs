using System.Text.Encodings.Web;
using System.Text.Json;
using Aigc2d.Gateway.Dialects.OpenAi;

namespace Aigc2d.Gateway.Chats;

/// <summary>Answers somebody in distress with words that help, in the shape of a completion, so that every client shows them. Nothing is charged.</summary>
internal sealed class SupportAnswer(ChatRequest chat, Guid requestId, DateTimeOffset now) : IResult
{
    private const string Text =
        "It sounds as if you are going through something very hard. You do not have to face it alone: please talk to someone you trust, or to a crisis line "
        + "in your country (find one at https://findahelpline.com). If you are in immediate danger, call your local emergency number.\n\n"
        + "听起来你正在经历非常艰难的时刻。你不必独自面对：请和你信任的人谈一谈，或拨打当地的心理援助热线（中国大陆：12356）。如果有紧急危险，请立即拨打当地急救或报警电话。";

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly object NoUsage = new { prompt_tokens = 0, completion_tokens = 0, total_tokens = 0 };

    private readonly string _id = $"chatcmpl-{requestId:N}";
    private readonly long _created = now.ToUnixTimeSeconds();

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = chat.Stream ? "text/event-stream" : "application/json";
        response.Headers.CacheControl = "no-cache";
        var body = chat.Stream ? string.Concat(Frames().Select(frame => $"data: {frame}\n\n")) : Completion();
        await response.WriteAsync(body, httpContext.RequestAborted);
    }

    private string Completion() => Json(new
    {
        id = _id,
        @object = "chat.completion",
        created = _created,
        model = chat.Model,
        choices = new[] { new { index = 0, message = new { role = "assistant", content = Text, refusal = (string?)null }, logprobs = (object?)null, finish_reason = "stop" } },
        usage = NoUsage,
    });

    private IEnumerable<string> Frames()
    {
        yield return Chunk(new { role = "assistant", content = "", refusal = (string?)null }, null);
        yield return Chunk(new { content = Text }, null);
        yield return Chunk(new { }, "stop");
        if (chat.IncludeUsage) yield return Json(new { id = _id, @object = "chat.completion.chunk", created = _created, model = chat.Model, choices = Array.Empty<object>(), usage = NoUsage });
        yield return "[DONE]";
    }

    private string Chunk(object delta, string? finish)
    {
        var choices = new[] { new { index = 0, delta, logprobs = (object?)null, finish_reason = finish } };
        return chat.IncludeUsage
            ? Json(new { id = _id, @object = "chat.completion.chunk", created = _created, model = chat.Model, choices, usage = (object?)null })
            : Json(new { id = _id, @object = "chat.completion.chunk", created = _created, model = chat.Model, choices });
    }

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, Readable);
}
