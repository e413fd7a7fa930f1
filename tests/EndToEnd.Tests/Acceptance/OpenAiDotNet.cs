using System.ClientModel;
using System.ClientModel.Primitives;
using System.Globalization;
using System.Text.Json;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Embeddings;
using OpenAI.Models;
using OpenAI.Moderations;

namespace Aigc2d.EndToEnd.Tests.Acceptance;

/// <summary>OpenAI's official .NET client as a developer uses it: only endpoint and key are ours.</summary>
internal static class OpenAiDotNet
{
    public static readonly IReadOnlyDictionary<string, Func<DotNetCall, Task<object?>>> Scenarios = new Dictionary<string, Func<DotNetCall, Task<object?>>>(StringComparer.Ordinal)
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
        ["moderations"] = ModerationsAsync,
        ["models"] = ModelsAsync,
        ["heartbeats"] = async t => await ReadAsync(ChatClientOf(t, await t.BeginAsync("chunks=2,interval=16s"))),
        ["abort"] = AbortAsync,
        ["death"] = async t => await ThrownAsync(ChatClientOf(t, await t.BeginAsync("chunks=7,interval=50ms,cut=4"))),
        ["errorInStream"] = async t => await ThrownAsync(ChatClientOf(t, await t.BeginAsync("chunks=7,interval=50ms,errorframe=4"))),
        ["invalid"] = async t => await FailsAsync(t, "", options: new ChatCompletionOptions { MaxOutputTokenCount = -1 }),
        ["noPoints"] = async t => await FailsAsync(t, "", micropoints: 0),
        ["wrongKey"] = t => ThrownAsync(() => ChatClientOf(t, (t.Key = $"AIGC2D-{Guid.CreateVersion7()}", "gpt-4o-mini")).CompleteChatAsync(Hello)),
        ["notAllowed"] = NotAllowedAsync,
        ["unknownModel"] = async t => await ThrownAsync(ChatClientOf(t, (await t.CustomerAsync(), "no-such-model"))),
        ["idempotency"] = IdempotencyAsync,
        ["tooLarge"] = TooLargeAsync,
        ["tooMany"] = TooManyAsync,
        ["providerFails"] = async t => await FailsAsync(t, $"status=500,code={DotNetCall.Unique()}", countUpstream: true),
        ["noChannel"] = NoChannelAsync,
        ["providerSilent"] = ProviderSilentAsync,
        ["slowOnce"] = SlowOnceAsync,
        ["slowUntold"] = ImpatientAsync,
    };

    private static readonly ChatMessage[] Hello = [new UserChatMessage("Say hello.")];
    private static readonly ChatTool Weather = ChatTool.CreateFunctionTool("get_weather", null, BinaryData.FromString(DotNetCall.CitySchema));

    private static OpenAIClientOptions Options(DotNetCall t) => new() { Endpoint = new Uri(t.Url + "/v1") };

    private static ChatClient ChatClientOf(DotNetCall t, (string Key, string Model) customer, Action<OpenAIClientOptions>? configure = null)
    {
        var options = Options(t);
        configure?.Invoke(options);
        return new ChatClient(customer.Model, new ApiKeyCredential(customer.Key), options);
    }

    private static object Told(ChatCompletion answer) =>
        new { text = answer.Content[0].Text, finish = Spell(answer.FinishReason), usage = new[] { answer.Usage.InputTokenCount, answer.Usage.OutputTokenCount } };

    private static string Spell(ChatFinishReason? reason) => reason switch
    {
        ChatFinishReason.Stop => "stop",
        ChatFinishReason.ToolCalls => "tool_calls",
        _ => $"{reason}",
    };

    private static async Task<object?> ReadAsync(ChatClient client, int until = int.MaxValue)
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
            timing = System.Text.RegularExpressions.Regex.IsMatch(Header("server-timing") ?? "", @"^admission;dur=[\d.]+, upstream;dur=[\d.]+, total;dur=[\d.]+$"),
            requests = new[] { Header("x-ratelimit-limit-requests"), Header("x-ratelimit-remaining-requests") },
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
        return new { seen = await ThrownAsync(() => client.CompleteChatAsync(Hello)), asked = await t.AskedAsync() };
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

    private static Task<object?> ThrownAsync(ChatClient client) => ThrownAsync(() => ReadAsync(client));

    /// <summary>What a call threw, as a developer can tell failures apart: class, status, the message's first words; and whether it names its request.</summary>
    private static async Task<object?> ThrownAsync(Func<Task> call)
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
