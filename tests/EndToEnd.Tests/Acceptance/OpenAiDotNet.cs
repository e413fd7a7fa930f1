using System.ClientModel;
using OpenAI;
using OpenAI.Chat;

namespace Aigc2d.EndToEnd.Tests.Acceptance;

/// <summary>OpenAI's official .NET client as a developer makes it: only endpoint and key are ours.</summary>
internal static class OpenAiDotNet
{
    public static readonly DotNetScenarios Scenarios = new()
    {
        Quick = [OpenAiDotNetAnswers.Quick, OpenAiDotNetFailures.Quick],
        Long = [OpenAiDotNetAnswers.Long, OpenAiDotNetFailures.Long],
        Timed = [OpenAiDotNetFailures.Timed],
        Heavy = [OpenAiDotNetFailures.Heavy],
    };

    public static readonly ChatMessage[] Hello = [new UserChatMessage("Say hello.")];

    public static OpenAIClientOptions Options(DotNetCall t) => new() { Endpoint = new Uri(t.Url + "/v1") };

    public static ChatClient ChatClientOf(DotNetCall t, (string Key, string Model) customer, Action<OpenAIClientOptions>? configure = null)
    {
        var options = Options(t);
        configure?.Invoke(options);
        return new ChatClient(customer.Model, new ApiKeyCredential(customer.Key), options);
    }

    public static object Told(ChatCompletion answer) =>
        new { text = answer.Content[0].Text, finish = Spell(answer.FinishReason), usage = new[] { answer.Usage.InputTokenCount, answer.Usage.OutputTokenCount } };

    public static string Spell(ChatFinishReason? reason) => reason switch
    {
        ChatFinishReason.Stop => "stop",
        ChatFinishReason.ToolCalls => "tool_calls",
        _ => $"{reason}",
    };

    public static async Task<object?> ReadAsync(ChatClient client, int until = int.MaxValue)
    {
        var (text, finish, usage) = ("", (ChatFinishReason?)null, (ChatTokenUsage?)null);
        await foreach (var update in client.CompleteChatStreamingAsync(Hello))
        {
            text += string.Concat(update.ContentUpdate.Select(part => part.Text));
            finish = update.FinishReason ?? finish;
            usage = update.Usage ?? usage;
            if (text.Length >= until) break;
        }

        return new { text, finish = Spell(finish), usage = usage is null ? null : new[] { usage.InputTokenCount, usage.OutputTokenCount } };
    }

    public static Task<object?> ThrownAsync(ChatClient client) => ThrownAsync(() => ReadAsync(client));

    /// <summary>What a call threw, as a developer can tell failures apart: class, status, the message's first words; and whether it names its request.</summary>
    public static async Task<object?> ThrownAsync(Func<Task> call)
    {
        try
        {
            await call();
            return "nothing";
        }
        catch (ClientResultException exception)
        {
            var lines = exception.Message.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith("HTTP ", StringComparison.Ordinal) || line.StartsWith("Parameter: ", StringComparison.Ordinal));
            var named = exception.GetRawResponse()?.Headers.TryGetValue("x-request-id", out _) == true;
            return $"{exception.GetType().Name} {exception.Status} {string.Join(' ', lines)}{(named ? " id" : "")}";
        }
        catch (Exception exception) when (exception is IOException or AggregateException or OperationCanceledException or HttpRequestException)
        {
            return exception.GetType().Name;
        }
    }
}
