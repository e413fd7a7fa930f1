using Anthropic;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;

namespace Aigc2d.EndToEnd.Tests.Acceptance;

/// <summary>Anthropic's official .NET client as a developer makes it: only base URL and key are ours.</summary>
internal static class AnthropicDotNet
{
    public static readonly DotNetScenarios Scenarios = new()
    {
        Quick = [AnthropicDotNetAnswers.Quick, AnthropicDotNetFailures.Quick],
        Long = [AnthropicDotNetAnswers.Long, AnthropicDotNetFailures.Long],
        Timed = [AnthropicDotNetFailures.Timed],
        Heavy = [AnthropicDotNetFailures.Heavy],
    };

    public static readonly MessageParam[] Hello = [new UserMessageParam("Say hello.")];

    public static AnthropicClient ClientOf(DotNetCall t, string key, TimeSpan? timeout = null) => new() { BaseUrl = t.Url, ApiKey = key, Timeout = timeout };

    public static MessageCreateParams Asked(string model) => new() { Model = model, MaxTokens = 100, Messages = Hello };

    public static string TextOf(Message message) => message.Content[0].TryPickText(out var text) ? text.Text : "";

    public static async Task<object> StreamAsync(DotNetCall t, string script, string family)
    {
        var (key, model) = await t.BeginAsync(script, family);
        return await ReadAsync(ClientOf(t, key).Messages.CreateStreaming(Asked(model)));
    }

    /// <summary>The raw events of a stream, put together by hand.</summary>
    public static async Task<object> ReadAsync(IAsyncEnumerable<RawMessageStreamEvent> events)
    {
        var (text, stop, input, output) = ("", (string?)null, 0L, 0L);
        await foreach (var one in events)
        {
            if (one.TryPickStart(out var start)) (input, output) = (start.Message.Usage.InputTokens, start.Message.Usage.OutputTokens);
            if (one.TryPickContentBlockDelta(out var delta) && delta.Delta.TryPickText(out var piece)) text += piece.Text;
            if (!one.TryPickDelta(out var end)) continue;
            (stop, input, output) = (end.Delta.StopReason?.Raw(), end.Usage.InputTokens ?? input, end.Usage.OutputTokens);
        }

        return new { text, stop, usage = new[] { input, output } };
    }

    /// <summary>What a call threw, as a developer can tell failures apart: class, status, type, code; and whether it names its request.</summary>
    public static async Task<object?> ThrownAsync(Func<Task> call)
    {
        try
        {
            await call();
            return "nothing";
        }
        catch (AnthropicApiException exception)
        {
            return $"{exception.GetType().Name} {(int)exception.StatusCode} {exception.Type?.Raw() ?? "-"} {exception.ErrorCode ?? "-"}{(exception.RequestID is null ? "" : " id")}";
        }
        catch (AnthropicServiceException exception)
        {
            return $"{exception.GetType().Name} {exception.Type?.Raw() ?? "-"}";
        }
        catch (Exception exception) when (exception is IOException or AnthropicException or OperationCanceledException or HttpRequestException)
        {
            return exception.GetType().Name;
        }
    }
}
