using System.ClientModel;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using OpenAI.Chat;
using OpenAI.Embeddings;
using OpenAI.Models;
using OpenAI.Moderations;
using static Aigc2d.EndToEnd.Tests.Acceptance.OpenAiDotNet;

namespace Aigc2d.EndToEnd.Tests.Acceptance;

/// <summary>What OpenAI's .NET client is answered.</summary>
internal static class OpenAiDotNetAnswers
{
    public static readonly Dictionary<string, Func<DotNetCall, Task<object?>>> Quick = new(StringComparer.Ordinal)
    {
        ["plain"] = async t => Told(await ChatClientOf(t, await t.BeginAsync("chunks=8")).CompleteChatAsync(Hello)),
        ["stream"] = async t => await ReadAsync(ChatClientOf(t, await t.BeginAsync("chunks=8"))),
        ["headers"] = HeadersAsync,
        ["tools"] = t => ToolLoopAsync(t, "openai"),
        ["claudeTools"] = t => ToolLoopAsync(t, "anthropic"),
        ["ernieTools"] = t => ToolLoopAsync(t, "wenxin"),
        ["qianfanTools"] = t => ToolLoopAsync(t, "wenxin-v2"),
        ["claude"] = t => ChatAsync(t, "anthropic"),
        ["ernie"] = t => ChatAsync(t, "wenxin"),
        ["qianfan"] = t => ChatAsync(t, "wenxin-v2"),
        ["schema"] = SchemaAsync,
        ["images"] = ImagesAsync,
        ["embeddings"] = t => EmbeddingsAsync(t, "openai", "text-embedding-3-small"),
        ["qianfanEmbeddings"] = t => EmbeddingsAsync(t, "wenxin-v2", "embedding-v1"),
        ["ernieEmbeddings"] = t => EmbeddingsAsync(t, "wenxin", "embedding-v1"),
        ["shortEmbeddings"] = ShortEmbeddingAsync,
        ["moderations"] = ModerationsAsync,
        ["models"] = ModelsAsync,
    };

    public static readonly Dictionary<string, Func<DotNetCall, Task<object?>>> Long = new(StringComparer.Ordinal)
    {
        ["heartbeats"] = async t => await ReadAsync(ChatClientOf(t, await t.BeginAsync("chunks=2,interval=16s"))),
    };

    private static readonly ChatTool Weather = ChatTool.CreateFunctionTool("get_weather", null, BinaryData.FromString(DotNetCall.CitySchema));

    private static async Task<object?> ChatAsync(DotNetCall t, string family)
    {
        var client = ChatClientOf(t, await t.BeginAsync("chunks=4", family));
        return new { plain = Told(await client.CompleteChatAsync(Hello)), stream = await ReadAsync(client) };
    }

    private static async Task<object?> HeadersAsync(DotNetCall t)
    {
        var answer = await ChatClientOf(t, await t.BeginAsync("")).CompleteChatAsync(Hello);
        var headers = answer.GetRawResponse().Headers;
        string? Header(string name) => headers.TryGetValue(name, out var value) ? value : null;
        return new
        {
            id = Guid.TryParse(Header("x-request-id"), out _),
            timing = Regex.IsMatch(Header("server-timing") ?? "", @"^admission;dur=[\d.]+, upstream;dur=[\d.]+, total;dur=[\d.]+$"),
            requests = new object?[] { Header("x-ratelimit-limit-requests"), long.Parse(Header("x-ratelimit-remaining-requests")!, CultureInfo.InvariantCulture) > 0 },
            tokens = new object?[] { Header("x-ratelimit-limit-tokens"), long.Parse(Header("x-ratelimit-remaining-tokens")!, CultureInfo.InvariantCulture) > 0 },
        };
    }

    private static async Task<object?> ToolLoopAsync(DotNetCall t, string family)
    {
        var customer = await t.BeginAsync("tools,chunks=3", family);
        var options = new ChatCompletionOptions { Tools = { Weather } };
        ChatCompletion first = await ChatClientOf(t, customer).CompleteChatAsync(Hello, options);
        var call = first.ToolCalls[0];
        var answering = ChatClientOf(t, (customer.Key, await t.ModelAsync("text=It%20is%2021%20degrees.", family)));
        ChatCompletion second = await answering.CompleteChatAsync([.. Hello, new AssistantChatMessage(first), new ToolChatMessage(call.Id, """{"celsius":21}""")], options);

        var (name, arguments, finish) = ("", "", (ChatFinishReason?)null);
        await foreach (var update in ChatClientOf(t, customer).CompleteChatStreamingAsync(Hello, options))
        {
            finish = update.FinishReason ?? finish;
            foreach (var part in update.ToolCallUpdates)
            {
                name += part.FunctionName;
                arguments += part.FunctionArgumentsUpdate is { } bytes && !bytes.ToMemory().IsEmpty ? bytes.ToString() : "";
            }
        }

        return new
        {
            first = new[] { Spell(first.FinishReason), call.FunctionName, call.FunctionArguments.ToString() },
            second = new[] { Spell(second.FinishReason), second.Content[0].Text },
            stream = new[] { Spell(finish), name, arguments },
        };
    }

    private static async Task<object?> SchemaAsync(DotNetCall t)
    {
        var format = ChatResponseFormat.CreateJsonSchemaFormat("weather", BinaryData.FromString(DotNetCall.WeatherSchema), jsonSchemaIsStrict: true);
        ChatCompletion answer = await ChatClientOf(t, await t.BeginAsync("")).CompleteChatAsync(Hello, new ChatCompletionOptions { ResponseFormat = format });
        return JsonSerializer.Deserialize<JsonElement>(answer.Content[0].Text);
    }

    private static async Task<object?> ImagesAsync(DotNetCall t)
    {
        var client = ChatClientOf(t, await t.BeginAsync($"code={DotNetCall.Unique()}"));
        var image = ChatMessageContentPart.CreateImagePart(BinaryData.FromBytes(Convert.FromBase64String(DotNetCall.Png)), "image/png");
        ChatCompletion answer = await client.CompleteChatAsync([new UserChatMessage(ChatMessageContentPart.CreateTextPart("What is this?"), image)]);
        var received = (await t.ReceivedAsync()).GetProperty("messages")[0].GetProperty("content")[1].GetProperty("image_url").GetProperty("url").GetString();
        return new { finish = Spell(answer.FinishReason), same = received == $"data:image/png;base64,{DotNetCall.Png}" };
    }

    // This client asks for base64 and has no way to ask for numbers.
    private static async Task<object?> EmbeddingsAsync(DotNetCall t, string family, string upstream)
    {
        var model = await t.ModelAsync("", family, upstream);
        var client = new EmbeddingClient(model, new ApiKeyCredential(await t.CustomerAsync()), Options(t));
        OpenAIEmbeddingCollection answer = await client.GenerateEmbeddingsAsync(["one", "two"]);
        var vectors = answer.Select(one => one.ToFloats().ToArray()).ToArray();
        return new { sizes = vectors.Select(vector => vector.Length), differ = !vectors[0].SequenceEqual(vectors[1]), tokens = answer.Usage.InputTokenCount };
    }

    private static async Task<object?> ShortEmbeddingAsync(DotNetCall t)
    {
        var model = await t.ModelAsync("", upstream: "text-embedding-3-small");
        var client = new EmbeddingClient(model, new ApiKeyCredential(await t.CustomerAsync()), Options(t));
        return (await client.GenerateEmbeddingAsync("one", new EmbeddingGenerationOptions { Dimensions = 8 })).Value.ToFloats().Length;
    }

    private static async Task<object?> ModerationsAsync(DotNetCall t)
    {
        var client = new ModerationClient("omni-moderation-latest", new ApiKeyCredential(await t.CustomerAsync()), Options(t));
        var answer = await client.ClassifyTextAsync(["A quiet walk in the park.", "Write ransomware that encrypts all files and spreads over the network."]);
        return new
        {
            results = answer.Value.Select(one => new object[] { one.Flagged, FlaggedOf(one).ToArray() }),
            id = answer.GetRawResponse().Headers.TryGetValue("x-request-id", out _),
        };
    }

    private static IEnumerable<string> FlaggedOf(ModerationResult result) =>
        from property in typeof(ModerationResult).GetProperties()
        where property.GetValue(result) is ModerationCategory { Flagged: true }
        select property.Name;

    private static async Task<object?> ModelsAsync(DotNetCall t)
    {
        var (key, model) = await t.BeginAsync("");
        var client = new OpenAIModelClient(new ApiKeyCredential(key), Options(t));
        OpenAIModelCollection models = await client.GetModelsAsync();
        OpenAIModel one = await client.GetModelAsync(model);
        return new { listed = models.Any(listed => listed.Id == model), one = one.Id == model, unknown = await ThrownAsync(() => client.GetModelAsync("no/such model")) };
    }
}
