using System.Text.Json;
using Anthropic.Models.Messages;
using static Aigc2d.EndToEnd.Tests.Acceptance.AnthropicDotNet;

namespace Aigc2d.EndToEnd.Tests.Acceptance;

/// <summary>What Anthropic's .NET client makes of failures, ours and the provider's.</summary>
internal static class AnthropicDotNetFailures
{
    public static readonly Dictionary<string, Func<DotNetCall, Task<object?>>> Quick = new(StringComparer.Ordinal)
    {
        ["abort"] = AbortAsync,
        ["death"] = t => ThrownAsync(async () => await StreamAsync(t, "chunks=7,interval=50ms,cut=4", "anthropic")),
        ["gptDeath"] = t => ThrownAsync(async () => await StreamAsync(t, "chunks=7,interval=50ms,cut=4", "openai")),
        ["errorInStream"] = t => ThrownAsync(async () => await StreamAsync(t, "chunks=7,interval=50ms,errorframe=4", "anthropic")),
        ["invalid"] = t => FailsAsync(t, asked => asked with { MaxTokens = -1 }),
        ["noPoints"] = t => FailsAsync(t, asked => asked, micropoints: 0),
        ["wrongKey"] = t => ThrownAsync(() => ClientOf(t, t.Key = $"AIGC2D-{Guid.CreateVersion7()}").Messages.Create(Asked("claude-haiku-4-5"))),
        ["notAllowed"] = NotAllowedAsync,
        ["unknownModel"] = async t => await ThrownAsync(async () => await ClientOf(t, await t.CustomerAsync()).Messages.Create(Asked("no-such-model"))),
        ["idempotency"] = IdempotencyAsync,
        ["tooMany"] = TooManyAsync,
        ["providerFails"] = async t => new { seen = await FailsAsync(t, asked => asked, $"status=500,code={DotNetCall.Unique()}"), asked = await t.AskedAsync() },
        ["noChannel"] = NoChannelAsync,
    };

    public static readonly Dictionary<string, Func<DotNetCall, Task<object?>>> Long = new(StringComparer.Ordinal)
    {
        ["slowByDefault"] = t => SlowOnceAsync(t, null),
    };

    public static readonly Dictionary<string, Func<DotNetCall, Task<object?>>> Timed = new(StringComparer.Ordinal)
    {
        ["providerSilent"] = ProviderSilentAsync,
        ["slowOnce"] = t => SlowOnceAsync(t, Impatience),
    };

    public static readonly Dictionary<string, Func<DotNetCall, Task<object?>>> Heavy = new(StringComparer.Ordinal)
    {
        ["tooLarge"] = t => FailsAsync(t, asked => asked with { Messages = [new UserMessageParam(new string('x', 33 * 1024 * 1024))] }),
    };

    private static readonly TimeSpan Impatience = TimeSpan.FromSeconds(4);

    private static async Task<object?> AbortAsync(DotNetCall t)
    {
        var (key, model) = await t.BeginAsync($"chunks=7,hang=3,code={DotNetCall.Unique()}", "anthropic");
        using var leave = new CancellationTokenSource();
        var text = "";
        try
        {
            await foreach (var one in ClientOf(t, key).Messages.CreateStreaming(Asked(model), leave.Token))
            {
                if (one.TryPickContentBlockDelta(out var delta) && delta.Delta.TryPickText(out var piece)) text += piece.Text;
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
        var (key, model) = await t.BeginAsync("", "anthropic");
        var restricted = await t.RestrictedAsync(key, "claude-haiku-4-5");
        return await ThrownAsync(() => ClientOf(t, restricted).Messages.Create(Asked(model)));
    }

    private static async Task<object?> IdempotencyAsync(DotNetCall t)
    {
        var (key, model) = await t.BeginAsync("", "anthropic");
        var headers = new Dictionary<string, JsonElement> { ["Idempotency-Key"] = JsonSerializer.SerializeToElement(DotNetCall.Unique()) };
        MessageCreateParams Marked(string text) => MessageCreateParams.FromRawUnchecked(headers, new Dictionary<string, JsonElement>(), (Asked(model) with { Messages = [new UserMessageParam(text)] }).RawBodyData);
        var client = ClientOf(t, key);
        await client.Messages.Create(Marked("Say hello."));
        return await ThrownAsync(() => client.Messages.Create(Marked("Something else.")));
    }

    private static async Task<object?> TooManyAsync(DotNetCall t)
    {
        var gate = DotNetCall.Unique();
        var client = ClientOf(t, await t.OneCallCustomerAsync());
        var model = await t.ModelAsync($"gate={gate}", "anthropic");
        var first = ThrownAsync(() => client.Messages.Create(Asked(model)));
        await t.OpenedAsync(1);
        var second = await ThrownAsync(() => client.Messages.Create(Asked(model)));
        await t.OpenGateAsync(gate);
        return new { first = await first, second };
    }

    private static async Task<object?> NoChannelAsync(DotNetCall t)
    {
        var (key, model) = await t.BeginAsync("", "anthropic");
        await t.DisableAsync();
        return await ThrownAsync(() => ClientOf(t, key).Messages.Create(Asked(model)));
    }

    private static async Task<object?> ProviderSilentAsync(DotNetCall t)
    {
        var (key, model) = await t.BeginAsync($"hang,code={DotNetCall.Unique()}", "anthropic");
        return new { seen = await ThrownAsync(() => ClientOf(t, key, Impatience).Messages.Create(Asked(model))), asked = await t.AskedAsync() };
    }

    private static async Task<object?> SlowOnceAsync(DotNetCall t, TimeSpan? timeout)
    {
        var (key, model) = await t.BeginAsync($"hang,fails=1,code={DotNetCall.Unique()}", "anthropic");
        var answer = await ClientOf(t, key, timeout).Messages.Create(Asked(model));
        return new { text = TextOf(answer), asked = await t.AskedAsync() };
    }

    private static async Task<object?> FailsAsync(DotNetCall t, Func<MessageCreateParams, MessageCreateParams> change, string script = "", long micropoints = DotNetCall.Opening)
    {
        var (key, model) = await t.BeginAsync(script, "anthropic", micropoints);
        return await ThrownAsync(() => ClientOf(t, key).Messages.Create(change(Asked(model))));
    }
}
