using System.Text.Json;
using System.Text.RegularExpressions;
using Anthropic;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;

namespace Aigc2d.EndToEnd.Tests.Acceptance;

/// <summary>Anthropic's official .NET client as a developer uses it: only base URL and key are ours.</summary>
internal static class AnthropicDotNet
{
    public static readonly IReadOnlyDictionary<string, Func<DotNetCall, Task<object?>>> Scenarios = new Dictionary<string, Func<DotNetCall, Task<object?>>>(StringComparer.Ordinal)
    {
        ["plain"] = async t => await PlainAsync(t),
        ["stream"] = async t => await StreamAsync(t, "chunks=8", "anthropic"),
        ["helper"] = async t => Told(await HelperAsync(t, "chunks=8")),
        ["headers"] = HeadersAsync,
        ["tools"] = t => ToolLoopAsync(t, "anthropic"),
        ["gptTools"] = t => ToolLoopAsync(t, "openai"),
        ["ernieTools"] = t => ToolLoopAsync(t, "wenxin"),
        ["qianfanTools"] = t => ToolLoopAsync(t, "wenxin-v2"),
        ["gpt"] = t => ChatAsync(t, "openai"),
        ["ernie"] = t => ChatAsync(t, "wenxin"),
        ["qianfan"] = t => ChatAsync(t, "wenxin-v2"),
        ["schema"] = t => SchemaAsync(t, "anthropic"),
        ["gptSchema"] = t => SchemaAsync(t, "openai"),
        ["images"] = ImagesAsync,
        ["countTokens"] = CountTokensAsync,
        ["models"] = ModelsAsync,
        ["heartbeats"] = async t => Told(await HelperAsync(t, "chunks=2,interval=16s")),
        ["abort"] = AbortAsync,
        ["death"] = t => ThrownAsync(async () => await StreamAsync(t, "chunks=7,interval=50ms,cut=4", "anthropic")),
        ["gptDeath"] = t => ThrownAsync(async () => await StreamAsync(t, "chunks=7,interval=50ms,cut=4", "openai")),
        ["errorInStream"] = t => ThrownAsync(async () => await StreamAsync(t, "chunks=7,interval=50ms,errorframe=4", "anthropic")),
        ["invalid"] = t => FailsAsync(t, asked => asked with { MaxTokens = -1 }),
        ["noPoints"] = t => FailsAsync(t, asked => asked, micropoints: 0),
        ["wrongKey"] = t => ThrownAsync(() => ClientOf(t, t.Key = $"AIGC2D-{Guid.CreateVersion7()}").Messages.Create(Asked("claude-haiku-4-5"))),
        ["notAllowed"] = NotAllowedAsync,
        ["unknownModel"] = async t => await ThrownAsync(async () => await ClientOf(t, await t.CustomerAsync()).Messages.Create(Asked("no-such-model"))),
        ["tooLarge"] = t => FailsAsync(t, asked => asked with { Messages = [new UserMessageParam(new string('x', 33 * 1024 * 1024))] }),
        ["idempotency"] = IdempotencyAsync,
        ["tooMany"] = TooManyAsync,
        ["providerFails"] = async t => new { seen = await FailsAsync(t, asked => asked, $"status=500,code={DotNetCall.Unique()}"), asked = await t.AskedAsync() },
        ["noChannel"] = NoChannelAsync,
        ["providerSilent"] = ProviderSilentAsync,
        ["slowOnce"] = SlowOnceAsync,
    };

    private static readonly TimeSpan Impatience = TimeSpan.FromSeconds(4);
    private static readonly MessageParam[] Hello = [new UserMessageParam("Say hello.")];

    private static readonly ToolUnion[] Weather =
    [
        new Tool { Name = "get_weather", InputSchema = new InputSchema { Properties = new Dictionary<string, JsonElement> { ["city"] = JsonSerializer.SerializeToElement(new { type = "string" }) } } },
    ];

    private static AnthropicClient ClientOf(DotNetCall t, string key, TimeSpan? timeout = null) => new() { BaseUrl = t.Url, ApiKey = key, Timeout = timeout };

    private static MessageCreateParams Asked(string model) => new() { Model = model, MaxTokens = 100, Messages = Hello };

    private static object Told(Message message) => new { text = TextOf(message), stop = message.StopReason?.Raw(), usage = new[] { message.Usage.InputTokens, message.Usage.OutputTokens } };

    private static string TextOf(Message message) => message.Content[0].TryPickText(out var text) ? text.Text : "";

    private static async Task<object> PlainAsync(DotNetCall t)
    {
        var (key, model) = await t.BeginAsync("chunks=8", "anthropic");
        return Told(await ClientOf(t, key).Messages.Create(Asked(model) with { System = "Be kind." }));
    }

    private static async Task<object> StreamAsync(DotNetCall t, string script, string family)
    {
        var (key, model) = await t.BeginAsync(script, family);
        return await ReadAsync(ClientOf(t, key).Messages.CreateStreaming(Asked(model)));
    }

    private static async Task<Message> HelperAsync(DotNetCall t, string script)
    {
        var (key, model) = await t.BeginAsync(script, "anthropic");
        return await ClientOf(t, key).Messages.CreateStreaming(Asked(model)).Aggregate();
    }

    /// <summary>The raw events of a stream, put together by hand.</summary>
    private static async Task<object> ReadAsync(IAsyncEnumerable<RawMessageStreamEvent> events)
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

    private static async Task<object?> ChatAsync(DotNetCall t, string family)
    {
        var (key, model) = await t.BeginAsync("chunks=4", family);
        var client = ClientOf(t, key);
        return new
        {
            plain = Told(await client.Messages.Create(Asked(model))),
            stream = await ReadAsync(client.Messages.CreateStreaming(Asked(model))),
            helper = Told(await client.Messages.CreateStreaming(Asked(model)).Aggregate()),
        };
    }

    private static async Task<object?> HeadersAsync(DotNetCall t)
    {
        var (key, model) = await t.BeginAsync("", "anthropic");
        using var answer = await ClientOf(t, key).WithRawResponse.Messages.Create(Asked(model));
        string Header(string name) => answer.GetHeaderValues(name).Single();
        return new
        {
            id = new[] { answer.RequestID == Header("request-id"), answer.RequestID == Header("x-request-id") },
            timing = Regex.IsMatch(Header("server-timing"), @"^admission;dur=[\d.]+, upstream;dur=[\d.]+, total;dur=[\d.]+$"),
            requests = new[] { Header("anthropic-ratelimit-requests-limit"), Header("anthropic-ratelimit-requests-remaining") },
            reset = Regex.IsMatch(Header("anthropic-ratelimit-tokens-reset"), @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"),
        };
    }

    private static async Task<object?> ToolLoopAsync(DotNetCall t, string family)
    {
        var (key, model) = await t.BeginAsync("tools,chunks=3", family);
        var client = ClientOf(t, key);
        var asked = Asked(model) with { Tools = Weather };
        var first = await client.Messages.Create(asked);
        var call = CallOf(first);
        ContentBlockParam[] calls = [new ToolUseBlockParam { ID = call.ID, Name = call.Name, Input = call.Input }];
        ContentBlockParam[] results = [new ToolResultBlockParam(call.ID) { Content = """{"celsius":21}""" }];
        MessageParam[] talk = [.. Hello, new AssistantMessageParam(new MessageContentParam(calls)), new UserMessageParam(new MessageContentParam(results))];
        var second = await client.Messages.Create(Asked(await t.ModelAsync("text=It%20is%2021%20degrees.", family)) with { Tools = Weather, Messages = talk });
        var final = await client.Messages.CreateStreaming(asked).Aggregate();
        var again = CallOf(final);
        return new
        {
            first = new object?[] { first.StopReason?.Raw(), call.Name, call.Input },
            second = new[] { second.StopReason?.Raw(), TextOf(second) },
            stream = new object?[] { final.StopReason?.Raw(), again.Name, again.Input },
        };
    }

    private static ToolUseBlock CallOf(Message message) => message.Content[0].TryPickToolUse(out var call) ? call : throw new InvalidOperationException("No tool is called.");

    private static async Task<object?> SchemaAsync(DotNetCall t, string family)
    {
        var (key, model) = await t.BeginAsync("", family);
        var schema = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(DotNetCall.WeatherSchema)!;
        var answer = await ClientOf(t, key).Messages.Create(Asked(model) with { OutputConfig = new OutputConfig { Format = new JsonOutputFormat { Schema = schema } } });
        return JsonSerializer.Deserialize<JsonElement>(TextOf(answer));
    }

    private static async Task<object?> ImagesAsync(DotNetCall t)
    {
        var (key, model) = await t.BeginAsync($"code={DotNetCall.Unique()}", "anthropic");
        ContentBlockParam[] content = [new ImageBlockParam(new Base64ImageSource { Data = DotNetCall.Png, MediaType = "image/png" }), new TextBlockParam("What is this?")];
        var answer = await ClientOf(t, key).Messages.Create(Asked(model) with { Messages = [new UserMessageParam(new MessageContentParam(content))] });
        var received = (await t.ReceivedAsync()).GetProperty("messages")[0].GetProperty("content")[0].GetProperty("source").GetProperty("data").GetString();
        return new { stop = answer.StopReason?.Raw(), same = received == DotNetCall.Png };
    }

    private static async Task<object?> CountTokensAsync(DotNetCall t)
    {
        var (key, model) = await t.BeginAsync("", "anthropic");
        var tools = Weather.Select(tool => new MessageCountTokensTool(tool.Json)).ToArray();
        var counted = await ClientOf(t, key).Messages.CountTokens(new MessageCountTokensParams { Model = model, Messages = Hello, System = "Be kind.", Tools = tools });
        return new { input_tokens = counted.InputTokens };
    }

    private static async Task<object?> ModelsAsync(DotNetCall t)
    {
        var (key, model) = await t.BeginAsync("", "anthropic");
        var client = ClientOf(t, key);
        var listed = (await client.Models.List()).Items.Any(one => one.ID == model);
        return new { listed, one = (await client.Models.Retrieve(model)).DisplayName == model, unknown = await ThrownAsync(() => client.Models.Retrieve("no/such model")) };
    }

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

    private static async Task<object?> SlowOnceAsync(DotNetCall t)
    {
        var (key, model) = await t.BeginAsync($"hang,fails=1,code={DotNetCall.Unique()}", "anthropic");
        var answer = await ClientOf(t, key, Impatience).Messages.Create(Asked(model));
        return new { text = TextOf(answer), asked = await t.AskedAsync() };
    }

    private static async Task<object?> FailsAsync(DotNetCall t, Func<MessageCreateParams, MessageCreateParams> change, string script = "", long micropoints = DotNetCall.Opening)
    {
        var (key, model) = await t.BeginAsync(script, "anthropic", micropoints);
        return await ThrownAsync(() => ClientOf(t, key).Messages.Create(change(Asked(model))));
    }

    /// <summary>What a call threw, as a developer can tell failures apart: class, status, type, code; and whether it names its request.</summary>
    private static async Task<object?> ThrownAsync(Func<Task> call)
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
