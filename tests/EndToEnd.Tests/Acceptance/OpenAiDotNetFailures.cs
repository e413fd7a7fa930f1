using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI.Chat;
using static Aigc2d.EndToEnd.Tests.Acceptance.OpenAiDotNet;

namespace Aigc2d.EndToEnd.Tests.Acceptance;

/// <summary>What OpenAI's .NET client makes of failures, ours and the provider's.</summary>
internal static class OpenAiDotNetFailures
{
    public static readonly Dictionary<string, Func<DotNetCall, Task<object?>>> Quick = new(StringComparer.Ordinal)
    {
        ["abort"] = AbortAsync,
        ["death"] = async t => await ThrownAsync(ChatClientOf(t, await t.BeginAsync("chunks=7,interval=50ms,cut=4"))),
        ["errorInStream"] = async t => await ThrownAsync(ChatClientOf(t, await t.BeginAsync("chunks=7,interval=50ms,errorframe=4"))),
        ["invalid"] = async t => await FailsAsync(t, "", options: new ChatCompletionOptions { MaxOutputTokenCount = -1 }),
        ["noPoints"] = async t => await FailsAsync(t, "", micropoints: 0),
        ["wrongKey"] = t => ThrownAsync(() => ChatClientOf(t, (t.Key = $"AIGC2D-{Guid.CreateVersion7()}", "gpt-4o-mini")).CompleteChatAsync(Hello)),
        ["notAllowed"] = NotAllowedAsync,
        ["unknownModel"] = async t => await ThrownAsync(ChatClientOf(t, (await t.CustomerAsync(), "no-such-model"))),
        ["idempotency"] = IdempotencyAsync,
        ["tooMany"] = TooManyAsync,
        ["providerFails"] = async t => await FailsAsync(t, $"status=500,code={DotNetCall.Unique()}", countUpstream: true),
        ["noChannel"] = NoChannelAsync,
    };

    public static readonly Dictionary<string, Func<DotNetCall, Task<object?>>> Long = new(StringComparer.Ordinal)
    {
        ["providerSilent"] = ProviderSilentAsync,
        ["slowByDefault"] = SlowOnceAsync,
    };

    public static readonly Dictionary<string, Func<DotNetCall, Task<object?>>> Timed = new(StringComparer.Ordinal)
    {
        ["slowUntold"] = ImpatientAsync,
    };

    public static readonly Dictionary<string, Func<DotNetCall, Task<object?>>> Heavy = new(StringComparer.Ordinal)
    {
        ["tooLarge"] = TooLargeAsync,
    };

    private static async Task<object?> AbortAsync(DotNetCall t)
    {
        var client = ChatClientOf(t, await t.BeginAsync($"chunks=7,hang=3,code={DotNetCall.Unique()}"));
        using var leave = new CancellationTokenSource();
        var text = "";
        try
        {
            await foreach (var update in client.CompleteChatStreamingAsync(Hello, cancellationToken: leave.Token))
            {
                text += string.Concat(update.ContentUpdate.Select(part => part.Text));
                if (text.Length >= "Hello! The sand".Length) await leave.CancelAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The client's own word for leaving.
        }

        return new { text, open = await t.OpenedAsync(0) };
    }

    private static async Task<object?> NotAllowedAsync(DotNetCall t)
    {
        var (key, model) = await t.BeginAsync("");
        var restricted = await t.RestrictedAsync(key, "gpt-4o-mini");
        return await ThrownAsync(() => ChatClientOf(t, (restricted, model)).CompleteChatAsync(Hello));
    }

    private static async Task<object?> IdempotencyAsync(DotNetCall t)
    {
        var customer = await t.BeginAsync("");
        var client = ChatClientOf(t, customer);
        var options = new RequestOptions();
        options.SetHeader("Idempotency-Key", DotNetCall.Unique());
        BinaryContent Body(string text) => BinaryContent.Create(BinaryData.FromObjectAsJson(new { model = customer.Model, messages = new[] { new { role = "user", content = text } } }));
        await client.CompleteChatAsync(Body("Say hello."), options);
        return await ThrownAsync(() => client.CompleteChatAsync(Body("Something else."), options));
    }

    private static async Task<object?> TooLargeAsync(DotNetCall t)
    {
        var client = ChatClientOf(t, await t.BeginAsync(""));
        return await ThrownAsync(() => client.CompleteChatAsync([new UserChatMessage(new string('x', 33 * 1024 * 1024))]));
    }

    private static async Task<object?> TooManyAsync(DotNetCall t)
    {
        var gate = DotNetCall.Unique();
        var client = ChatClientOf(t, (await t.OneCallCustomerAsync(), await t.ModelAsync($"gate={gate}")));
        var first = ThrownAsync(() => client.CompleteChatAsync(Hello));
        await t.OpenedAsync(1);
        var second = await ThrownAsync(() => client.CompleteChatAsync(Hello));
        await t.OpenGateAsync(gate);
        return new { first = await first, second };
    }

    private static async Task<object?> NoChannelAsync(DotNetCall t)
    {
        var client = ChatClientOf(t, await t.BeginAsync(""));
        await t.DisableAsync();
        return await ThrownAsync(() => client.CompleteChatAsync(Hello));
    }

    // This client does not say how long it waits: the answer is given up by our own limit, before the client's 100 s.
    private static async Task<object?> ProviderSilentAsync(DotNetCall t)
    {
        var client = ChatClientOf(t, await t.BeginAsync($"hang,code={DotNetCall.Unique()}"), options => options.RetryPolicy = new ClientRetryPolicy(0));
        var seen = await ThrownAsync(() => client.CompleteChatAsync(Hello));

        // Without retries of its own the client is not spared what a busy machine refuses.
        while ($"{seen}".Contains(" 503 ", StringComparison.Ordinal)) seen = await ThrownAsync(() => client.CompleteChatAsync(Hello));
        return new { seen, asked = await t.AskedAsync() };
    }

    private static async Task<object?> SlowOnceAsync(DotNetCall t)
    {
        var client = ChatClientOf(t, await t.BeginAsync($"hang,fails=1,code={DotNetCall.Unique()}"));
        return new { text = (await client.CompleteChatAsync(Hello)).Value.Content[0].Text, asked = await t.AskedAsync() };
    }

    private static async Task<object?> ImpatientAsync(DotNetCall t)
    {
        var client = ChatClientOf(t, await t.BeginAsync($"hang,fails=1,code={DotNetCall.Unique()}"), options => options.NetworkTimeout = TimeSpan.FromSeconds(4));
        return new { text = (await client.CompleteChatAsync(Hello)).Value.Content[0].Text, asked = await t.AskedAsync() };
    }

    private static async Task<object?> FailsAsync(DotNetCall t, string script, long micropoints = DotNetCall.Opening, ChatCompletionOptions? options = null, bool countUpstream = false)
    {
        var client = ChatClientOf(t, await t.BeginAsync(script, micropoints: micropoints));
        var seen = await ThrownAsync(() => client.CompleteChatAsync(Hello, options));
        return countUpstream ? new { seen, asked = await t.AskedAsync() } : seen;
    }
}
