using System.Text.Json;
using Aigc2d.Contracts;
using Aigc2d.ProviderAdapters.Tests.Kit;

namespace Aigc2d.ProviderAdapters.Tests.Questions;

/// <summary>What providers answer for nothing is passed on, and leaves nothing behind.</summary>
public sealed class FreeQuestionTests(AdaptersFixture fixture)
{
    private const string Moderations = "/internal/moderations";
    private const string CountTokens = "/internal/messages/count_tokens";

    private AdaptersHost Adapters => fixture.Adapters;

    [Theory, InlineData(Moderations), InlineData(CountTokens)]
    public async Task The_providers_own_answer_is_passed_on_and_nothing_is_recorded(string path)
    {
        var model = await Adapters.ModelAsync(FamilyOf(path));

        var answer = await AskAsync(path, model);

        Assert.Equal(200, answer.Status);
        Assert.True(path == Moderations ? answer.Json.GetProperty("results").GetArrayLength() == 1 : answer.Json.GetProperty("input_tokens").GetInt32() > 0);
        var received = Assert.Single(await Adapters.ReceivedAtSandboxAsync(model));
        Assert.Equal((path.Replace("/internal", "/v1", StringComparison.Ordinal), model.Upstream), (received.GetProperty("path").GetString(), ModelIn(received)));
    }

    [Fact]
    public async Task A_moderation_without_a_model_goes_without_one()
    {
        var model = await Adapters.ModelAsync();
        var call = new TestCall(model.Name, """{"input":"x"}""") { Path = Moderations };

        // The Sandbox knows the call only by the model in it, so it is asked as a whole.
        var answer = await Adapters.AskAsync(call);

        Assert.Equal((200, 1), (answer.Status, answer.Json.GetProperty("results").GetArrayLength()));
        Assert.Null(await Adapters.UsageOfAsync(call.RequestId));
    }

    [Theory]
    [InlineData(Moderations, "status=500")]
    [InlineData(CountTokens, "status=529")]
    [InlineData(Moderations, "garbage=0")]
    [InlineData(CountTokens, "status=401")]
    public async Task Another_channel_is_asked_when_the_first_fails(string path, string script)
    {
        var model = await Adapters.ModelAsync(FamilyOf(path), script);
        var second = await Adapters.SecondAsync(model, priority: -1);

        var answer = await AskAsync(path, model);

        Assert.Equal(200, answer.Status);
        Assert.Single(await Adapters.ReceivedAtSandboxAsync(model));
        Assert.Single(await Adapters.ReceivedAtSandboxAsync(second));
    }

    [Theory]
    [InlineData(Moderations, "status=500")]
    [InlineData(CountTokens, "status=503")]
    public async Task Where_nobody_answers_whoever_asked_is_told_to_go_on_without(string path, string script)
    {
        var model = await Adapters.ModelAsync(FamilyOf(path), script);
        var answer = await AskAsync(path, model);
        Assert.Equal((404, "no_channel", ""), (answer.Status, answer.Failure, answer.Text));
    }

    [Theory, InlineData(Moderations), InlineData(CountTokens)]
    public async Task A_provider_of_another_family_is_not_asked(string path)
    {
        var model = await Adapters.ModelAsync(path == Moderations ? Family.Anthropic : Family.OpenAi);

        var answer = await AskAsync(path, model);

        Assert.Equal((404, "no_channel"), (answer.Status, answer.Failure));
        Assert.Empty(await Adapters.ReceivedAtSandboxAsync(model));
    }

    [Fact]
    public async Task A_question_that_the_provider_finds_wrong_is_explained_in_the_clients_words()
    {
        var model = await Adapters.ModelAsync(Family.Anthropic);
        var call = new TestCall(model.Name, $$"""{"model":"{{model.Name}}","messages":[]}""") { Path = CountTokens };

        var answer = await Adapters.AskAsync(call);

        Assert.Equal((400, "error", "invalid_request_error"), (answer.Status, answer.Json.GetProperty("type").GetString(), answer.Error.GetProperty("type").GetString()));
    }

    [Fact]
    public async Task The_versions_that_a_client_of_Anthropic_speaks_are_passed_on()
    {
        var model = await Adapters.ModelAsync(Family.Anthropic);
        var call = new TestCall(model.Name, BodyOf(CountTokens, model)) { Path = CountTokens, Headers = new Dictionary<string, string> { [CallHeaders.AnthropicVersion] = "2026-10-21", [CallHeaders.AnthropicBeta] = "a,b" } };

        await Adapters.AskAsync(call);

        var headers = Assert.Single(await Adapters.ReceivedAtSandboxAsync(model)).GetProperty("headers");
        Assert.Equal(("2026-10-21", "a,b"), (headers.GetProperty("anthropic-version").GetString(), headers.GetProperty("anthropic-beta").GetString()));
    }

    [Fact]
    public async Task A_model_that_cannot_moderate_goes_on_chatting()
    {
        var model = await Adapters.ModelAsync(Family.OpenAi, "status=404,fails=1");

        Assert.Equal(404, (await AskAsync(Moderations, model)).Status);
        var chat = await Adapters.AskAsync(TestCall.Of(model, stream: false));

        Assert.Equal(200, chat.Status);
    }

    private static Family FamilyOf(string path) => path == Moderations ? Family.OpenAi : Family.Anthropic;

    private static string ModelIn(JsonElement received) => JsonDocument.Parse(received.GetProperty("body").GetString()!).RootElement.GetProperty("model").GetString()!;

    private static string BodyOf(string path, TestModel model) => path == Moderations
        ? $$"""{"model":"{{model.Name}}","input":"x"}"""
        : $$"""{"model":"{{model.Name}}","messages":[{"role":"user","content":"Hello, world!"}]}""";

    private Task<Answer> AskAsync(string path, TestModel model) => Adapters.AskAsync(new TestCall(model.Name, BodyOf(path, model)) { Path = path });
}
