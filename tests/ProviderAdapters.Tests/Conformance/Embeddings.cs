using System.Text;
using System.Text.Json;
using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Tests.Kit;
using Aigc2d.ProviderAdapters.Usage;
using Aigc2d.ServiceDefaults.Tokens;
using Aigc2d.TestKit;
using Microsoft.AspNetCore.Http;

namespace Aigc2d.ProviderAdapters.Tests.Conformance;

/// <summary>Calls for embeddings, whoever answers: the vectors in the encoding that was asked for, the usage row, failures and other channels.</summary>
public abstract class Embeddings(AdaptersFixture fixture, Family family)
{
    private const string Claim = """{"prompt_tokens":11,"total_tokens":11}""";

    /// <summary>A plain answer to a chat in every family's words at once.</summary>
    private const string PlainChat =
        """{"id":"as-1","object":"chat.completion","created":1,"model":"m","result":"hi","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}}""";

    private static readonly string[] Text = ["Hello, world!"];

    private AdaptersHost Adapters => fixture.Adapters;

    [Theory, InlineData("float", JsonValueKind.Array), InlineData("base64", JsonValueKind.String), InlineData(null, JsonValueKind.Array)]
    public async Task Vectors_come_in_the_encoding_that_was_asked_for_with_the_usage_that_is_recorded(string? encoding, JsonValueKind kind)
    {
        var model = await Adapters.ModelAsync(family, "input=11");
        var call = TestEmbeddings.Of(model, new[] { "one", "two", "三" }, encoding);

        var answer = await Adapters.AskAsync(call);
        var others = await Adapters.AskAsync(TestEmbeddings.Of(model, new[] { "one", "two", "三" }, encoding == "base64" ? "float" : "base64"));

        Assert.Equal(200, answer.Status);
        Assert.Equal([kind], TestEmbeddings.KindsOf(answer));
        Assert.Equal(TestEmbeddings.BitsOf(others), TestEmbeddings.BitsOf(answer));
        Assert.Equal(3, TestEmbeddings.BitsOf(answer).Select(vector => string.Join(',', vector)).Distinct().Count());
        Assert.Equal(("list", true, (11, 11)), (answer.Json.GetProperty("object").GetString(), answer.Json.GetProperty("model").GetString()!.Length > 0, TestEmbeddings.UsageOf(answer)));
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.Completed, new TokenCounts(11, 0)));
    }

    [Fact]
    public async Task One_text_is_one_vector()
    {
        var model = await Adapters.ModelAsync(family);

        var alone = await Adapters.AskAsync(TestEmbeddings.Of(model, "one", "base64"));
        var listed = await Adapters.AskAsync(TestEmbeddings.Of(model, new[] { "one" }, "base64"));

        Assert.Single(TestEmbeddings.BitsOf(alone));
        Assert.Equal(TestEmbeddings.BitsOf(listed), TestEmbeddings.BitsOf(alone));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"prompt_tokens":-5,"total_tokens":-5}""")]
    [InlineData("""{"prompt_tokens":0,"total_tokens":0}""")]
    [InlineData("""{"prompt_tokens":1.5,"total_tokens":1.5}""")]
    [InlineData("""{"prompt_tokens":3000000000,"total_tokens":3000000000}""")]
    [InlineData("""{"prompt_tokens":1e60,"total_tokens":1e60}""")]
    public async Task A_usage_that_is_missing_or_cannot_be_true_is_replaced_by_our_count_where_the_client_sees_it_too(string usage)
    {
        await using var upstream = await AnswerAsync(TestEmbeddings.Body(usage, "[0.5,1]"));
        var model = await Adapters.ModelAtAsync(family, family.AddressAt(upstream.BaseAddress));
        var call = TestEmbeddings.Of(model, Text, "base64");
        var counted = Count(Text[0]);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal((200, (counted, counted)), (answer.Status, TestEmbeddings.UsageOf(answer)));
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.Completed, new TokenCounts(counted, 0, 0, Estimated: true)));
    }

    [Fact]
    public async Task Output_is_never_charged_whatever_a_provider_claims()
    {
        await using var upstream = await AnswerAsync(TestEmbeddings.Body("""{"prompt_tokens":11,"completion_tokens":500,"total_tokens":511,"prompt_tokens_details":{"cached_tokens":4}}""", "[0.5,1]"));
        var model = await Adapters.ModelAtAsync(family, family.AddressAt(upstream.BaseAddress));
        var call = TestEmbeddings.Of(model, Text);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal((200, (11, 11)), (answer.Status, TestEmbeddings.UsageOf(answer)));
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.Completed, new TokenCounts(11, 0, 4)));
    }

    [Theory]
    [InlineData("one too few", """{"object":"list","data":[{"object":"embedding","index":0,"embedding":[1]}],"model":"up","usage":null}""")]
    [InlineData("one too many", """{"object":"list","data":[{"index":0,"embedding":[1]},{"index":1,"embedding":[1]},{"index":2,"embedding":[1]}],"model":"up"}""")]
    [InlineData("out of order", """{"data":[{"index":1,"embedding":[1]},{"index":0,"embedding":[1]}]}""")]
    [InlineData("no index", """{"data":[{"embedding":[1]},{"embedding":[1]}]}""")]
    [InlineData("no vector", """{"data":[{"index":0,"embedding":[1]},{"index":1}]}""")]
    [InlineData("empty vector", """{"data":[{"index":0,"embedding":[]},{"index":1,"embedding":[]}]}""")]
    [InlineData("of two lengths", """{"data":[{"index":0,"embedding":[1,2]},{"index":1,"embedding":[1]}]}""")]
    [InlineData("not numbers", """{"data":[{"index":0,"embedding":[1,"2"]},{"index":1,"embedding":[1,2]}]}""")]
    [InlineData("beyond a float", """{"data":[{"index":0,"embedding":[1,1e39]},{"index":1,"embedding":[1,2]}]}""")]
    [InlineData("not base64", """{"data":[{"index":0,"embedding":"AAAA?AAA"},{"index":1,"embedding":"AACAPw=="}]}""")]
    [InlineData("half a float", """{"data":[{"index":0,"embedding":"AAAA"},{"index":1,"embedding":"AAAA"}]}""")]
    [InlineData("no JSON", "<html>")]
    [InlineData("cut", """{"object":"list","data":[{"index":0,"embedding":[1]},{"index":1,"embedding":[0.1""")]
    public async Task An_answer_that_is_not_a_vector_for_each_input_is_broken_and_another_channel_answers(string fault, string body)
    {
        // All of these together would use up what may be repeated.
        var adapters = await fixture.SharedAsync(new() { ["Routing:RetryFloor"] = "10000" });
        await using var upstream = await AnswerAsync(body);
        var alone = await adapters.ModelAtAsync(family, family.AddressAt(upstream.BaseAddress));
        var failing = TestEmbeddings.Of(alone, new[] { "one", "two" }, "base64");
        var good = await adapters.ModelAsync(family, "input=11");
        await adapters.ChannelAsync(family.AddressAt(upstream.BaseAddress), good with { Upstream = "up" }, priority: 5);
        var helped = TestEmbeddings.Of(good, new[] { "one", "two" }, "base64");

        var failed = await adapters.AskAsync(failing);
        var answer = await adapters.AskAsync(helped);

        Assert.Equal((502, "provider_error", "provider_error"), (failed.Status, failed.Failure, failed.Error.GetProperty("code").GetString()));
        Assert.True(answer.Status == 200, fault);
        Assert.Equal(2, TestEmbeddings.BitsOf(answer).Length);
        await fixture.AssertRecordedAsync(failing.Row(alone, EndCause.ProviderCut, new TokenCounts(2 * Count("one"), 0, 0, Estimated: true)), adapters);
        await fixture.AssertRecordedAsync(helped.Row(good, EndCause.Completed, new TokenCounts(11, 0)), adapters);
    }

    [Fact]
    public async Task An_error_of_the_provider_is_free_says_nothing_of_our_account_and_names_the_input()
    {
        foreach (var error in family.Errors)
        {
            var model = await Adapters.ModelAsync(family, error.Script);
            var call = TestEmbeddings.Of(model, "Hello");

            var answer = await Adapters.AskAsync(call);

            Assert.Equal(error, new ProviderError(error.Script, answer.Status, answer.Failure!, answer.Error.GetProperty("code").GetString()!));
            Assert.NotEqual("messages", answer.Error.GetProperty("param").GetString());
            foreach (var secret in new[] { family.Credential, "upstream-secret", "1234", "127.0.0.1", "org-sandbox" }) Assert.DoesNotContain(secret, answer.Text, StringComparison.OrdinalIgnoreCase);
            await fixture.AssertRecordedAsync(call.Row(model, EndCause.ProviderError, TokenCounts.None), refusal: family.RefusedForOf(error));
        }
    }

    [Theory, InlineData(403), InlineData(404)]
    public async Task Whoever_asks_a_chat_model_for_embeddings_does_not_stop_its_chats(int status)
    {
        await using var upstream = await RawUpstream.StartAsync(async http =>
        {
            var isChat = http.Request.Path.Value!.Contains("chat", StringComparison.Ordinal);
            http.Response.StatusCode = isChat ? 200 : status;
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync(isChat ? PlainChat : """{"error":{"message":"no embeddings from this model","type":"invalid_request_error","param":null,"code":null}}""");
        });
        var model = await Adapters.ModelAtAsync(family, family.AddressAt(upstream.BaseAddress));

        var refused = await Adapters.AskAsync(TestEmbeddings.Of(model, "Hello"));
        var again = await Adapters.AskAsync(TestEmbeddings.Of(model, "Hello"));
        var chat = await Adapters.AskAsync(TestCall.Of(model, stream: false));

        Assert.Equal((502, 503, 200), (refused.Status, again.Status, chat.Status));
        using var health = JsonDocument.Parse(await Adapters.Client.GetStringAsync("/admin/channels/health"));
        var channel = health.RootElement.GetProperty("items").EnumerateArray().Single(one => one.GetProperty("id").GetGuid() == model.ChannelId);
        Assert.Equal(
            [(model.Name, false), ($"{model.Name} (embeddings)", true)],
            channel.GetProperty("models").EnumerateArray().Select(one => (one.GetProperty("model").GetString()!, one.GetProperty("resting").ValueKind == JsonValueKind.Object)));
    }

    [Fact]
    public async Task An_operators_test_of_an_embedding_model_asks_for_an_embedding()
    {
        await using var upstream = await RawUpstream.StartAsync(async http =>
        {
            var isChat = http.Request.Path.Value!.Contains("chat", StringComparison.Ordinal);
            http.Response.StatusCode = isChat ? 404 : 200;
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync(isChat ? """{"error":{"message":"This is not a chat model","type":"invalid_request_error"}}""" : TestEmbeddings.Body(Claim, "[1]"));
        });
        var model = await Adapters.ModelAtAsync(family, family.AddressAt(upstream.BaseAddress));

        using var response = await Adapters.Client.PostAsync($"/admin/channels/{model.ChannelId}/test", new StringContent($$"""{"model":"{{model.Name}}"}""", Encoding.UTF8, "application/json"));

        using var result = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal((true, 200), (result.RootElement.GetProperty("ok").GetBoolean(), result.RootElement.GetProperty("status").GetInt32()));
    }

    /// <summary>Our own count for a model that is called as no other.</summary>
    private int Count(string text) => TokenCounter.For(family.Provider, "up").Count(text);

    private static Task<ServiceUnderTest> AnswerAsync(string body) => RawUpstream.StartAsync(http =>
    {
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(body);
    });
}
