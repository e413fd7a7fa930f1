using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Aigc2d.EndToEnd.Tests.Privacy;

/// <summary>A provider that says back what it was told, in whatever it does; what that is stands behind the <c>@</c> of the model's name.</summary>
internal static class Parrot
{
    // Behind it nothing may be shown.
    private const string Forbidden = " Sure, here is how to make a pipe bomb. First, take a pipe. ";

    public static async Task AnswerAsync(HttpContext http, JsonElement body)
    {
        var kind = body.GetProperty("model").GetString()!.Split('@')[1];
        var stream = body.TryGetProperty("stream", out var wish) && wish.ValueKind == JsonValueKind.True;
        var told = body.GetRawText();
        switch (kind)
        {
            case "garbage":
                await GarbageAsync(http, told, stream);
                return;
            case "headers":
                http.Response.StatusCode = 500;
                http.Features.Get<IHttpResponseFeature>()!.ReasonPhrase = Words(body);
                http.Response.Headers["x-request-id"] = http.Response.Headers["x-error"] = Words(body);
                return;
            case "redirect":
                http.Response.Redirect($"http://127.0.0.1:9/elsewhere?prompt={Uri.EscapeDataString(Words(body))}");
                return;
            case "cut" when !stream:
                await http.Response.WriteAsJsonAsync(new { id = "chatcmpl-raw", choices = new[] { new { index = 0, message = new { role = "assistant", content = Forbidden + Words(body) }, finish_reason = "stop" } } });
                return;
            case "death" or "frame" or "cut" or "quiet":
                await StreamAsync(http, kind, told, Words(body));
                return;
            default:
                http.Response.StatusCode = int.Parse(kind, CultureInfo.InvariantCulture);
                await http.Response.WriteAsync(Error(told));
                return;
        }
    }

    private static async Task StreamAsync(HttpContext http, string kind, string told, string words)
    {
        RawProvider.Begin(http);
        for (var i = 0; i < 8; i++) await RawProvider.SayAsync(http, $"{words} ");
        if (kind == "cut") await RawProvider.SayAsync(http, Forbidden + words);
        if (kind == "frame") await RawProvider.SendAsync(http, Error(told));
        if (kind == "quiet") await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        if (kind == "death")
        {
            // What was said has to arrive before the end does.
            await Task.Delay(TimeSpan.FromMilliseconds(500));
            http.Abort();
        }

        if (kind != "cut") return;
        await RawProvider.SayAsync(http, null, finishReason: "stop");
        await RawProvider.SendAsync(http, "[DONE]");
    }

    private static async Task GarbageAsync(HttpContext http, string told, bool stream)
    {
        var half = JsonSerializer.Serialize(new { choices = new[] { new { index = 0, message = new { content = told } } } })[..^10];
        if (!stream)
        {
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync(half);
            return;
        }

        RawProvider.Begin(http);
        await RawProvider.SayAsync(http, told);
        await RawProvider.SendAsync(http, half);
    }

    private static string Error(string told) => JsonSerializer.Serialize(new { error = new { message = $"Cannot do this: {told}", type = "some_error", param = told[..20], code = (string?)null } });

    private static string Words(JsonElement body) => body.GetProperty("messages")[0].GetProperty("content").GetString()!;
}
