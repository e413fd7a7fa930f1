using System.Text.Json;
using Aigc2d.Gateway.Dialects;

namespace Aigc2d.Gateway.Calls;

/// <summary>Answers somebody in distress with words that help, in the shape that the route's clients show. Nothing is charged.</summary>
internal abstract class SupportAnswer(CallRequest call) : IResult
{
    protected const string Text =
        "It sounds as if you are going through something very hard. You do not have to face it alone: please talk to someone you trust, or to a crisis line "
        + "in your country (find one at https://findahelpline.com). If you are in immediate danger, call your local emergency number.\n\n"
        + "听起来你正在经历非常艰难的时刻。你不必独自面对：请和你信任的人谈一谈，或拨打当地的心理援助热线（中国大陆：12356）。如果有紧急危险，请立即拨打当地急救或报警电话。";

    protected CallRequest Call { get; } = call;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = Call.Stream ? "text/event-stream" : "application/json";
        response.Headers.CacheControl = "no-cache";
        await response.WriteAsync(Call.Stream ? Stream(httpContext.Request) : Plain(), httpContext.RequestAborted);
    }

    /// <summary>The whole answer.</summary>
    protected abstract string Plain();

    /// <summary>The answer as the events of a stream.</summary>
    protected abstract string Stream(HttpRequest request);

    protected static string Json<T>(T value) => JsonSerializer.Serialize(value, ApiError.Readable);
}
