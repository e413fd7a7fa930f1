using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Anthropic;
using Anthropic.Models.Messages;
using static Aigc2d.EndToEnd.Tests.Acceptance.AnthropicDotNet;

namespace Aigc2d.EndToEnd.Tests.Acceptance;

/// <summary>What Anthropic's .NET client is answered.</summary>
internal static class AnthropicDotNetAnswers
{
    public static readonly Dictionary<string, Func<DotNetCall, Task<object?>>> Quick = new(StringComparer.Ordinal)
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
        ["countTokens"] = t => CountTokensAsync(t, "anthropic"),
        ["gptCountTokens"] = t => CountTokensAsync(t, "openai"),
        ["models"] = ModelsAsync,
    };

    public static readonly Dictionary<string, Func<DotNetCall, Task<object?>>> Long = new(StringComparer.Ordinal)
    {
        ["heartbeats"] = async t => Told(await HelperAsync(t, "chunks=2,interval=16s")),
    };

    private static readonly ToolUnion[] Weather =
    [
        new Tool { Name = "get_weather", InputSchema = new InputSchema { Properties = new Dictionary<string, JsonElement> { ["city"] = JsonSerializer.SerializeToElement(new { type = "string" }) } } },
    ];

    private static object Told(Message message) => new { text = TextOf(message), stop = message.StopReason?.Raw(), usage = new[] { message.Usage.InputTokens, message.Usage.OutputTokens } };

    private static async Task<object> PlainAsync(DotNetCall t)
    {
        var (key, model) = await t.BeginAsync("chunks=8", "anthropic");
        return Told(await ClientOf(t, key).Messages.Create(Asked(model) with { System = "Be kind." }));
    }

    private static async Task<Message> HelperAsync(DotNetCall t, string script)
    {
        var (key, model) = await t.BeginAsync(script, "anthropic");
        return await ClientOf(t, key).Messages.CreateStreaming(Asked(model)).Aggregate();
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
            requests = new object?[] { Header("anthropic-ratelimit-requests-limit"), long.Parse(Header("anthropic-ratelimit-requests-remaining"), CultureInfo.InvariantCulture) > 0 },
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

    private static async Task<object?> CountTokensAsync(DotNetCall t, string family)
    {
        var (key, model) = await t.BeginAsync("", family);
        var tools = Weather.Select(tool => new MessageCountTokensTool(tool.Json)).ToArray();
        return (await ClientOf(t, key).Messages.CountTokens(new MessageCountTokensParams { Model = model, Messages = Hello, System = "Be kind.", Tools = tools })).InputTokens;
    }

    private static async Task<object?> ModelsAsync(DotNetCall t)
    {
        var (key, model) = await t.BeginAsync("", "anthropic");
        var client = ClientOf(t, key);
        var listed = (await client.Models.List()).Items.Any(one => one.ID == model);
        return new { listed, one = (await client.Models.Retrieve(model)).DisplayName == model, unknown = await ThrownAsync(() => client.Models.Retrieve("no/such model")) };
    }
}
