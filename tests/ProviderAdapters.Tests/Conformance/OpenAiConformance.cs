using System.Text.Json;
using Aigc2d.ProviderAdapters.Tests.Kit;

namespace Aigc2d.ProviderAdapters.Tests.Conformance;

public sealed class OpenAiCompleteAnswers(AdaptersFixture fixture) : CompleteAnswers(fixture, Family.OpenAi);

public sealed class OpenAiBrokenUpstreams(AdaptersFixture fixture) : BrokenUpstreams(fixture, Family.OpenAi);

public sealed class OpenAiLostClients(AdaptersFixture fixture) : LostClients(fixture, Family.OpenAi);

public sealed class OpenAiTimeLimits(AdaptersFixture fixture) : TimeLimits(fixture, Family.OpenAi);

public sealed class OpenAiOurOutages(AdaptersFixture fixture) : OurOutages(fixture, Family.OpenAi);

public sealed class OpenAiTranslations(AdaptersFixture fixture) : Translations(fixture, Family.OpenAi);

/// <summary>As many inputs as a request may have.</summary>
public sealed class ManyEmbeddings(AdaptersFixture fixture)
{
    [Theory, InlineData("float"), InlineData("base64")]
    public async Task Many_vectors_are_asked_for_as_base64_and_come_as_the_client_wants_them(string encoding)
    {
        var model = await fixture.Adapters.ModelAsync("input=11");
        var inputs = Enumerable.Range(0, 2_048).Select(i => $"text {i}").ToArray();

        var answer = await fixture.Adapters.AskAsync(TestEmbeddings.Of(model, inputs, encoding, "\"dimensions\":8"));

        var vectors = TestEmbeddings.BitsOf(answer);
        Assert.Equal((200, 2_048, encoding == "float" ? JsonValueKind.Array : JsonValueKind.String), (answer.Status, vectors.Length, Assert.Single(TestEmbeddings.KindsOf(answer))));
        var last = await fixture.Adapters.AskAsync(TestEmbeddings.Of(model, inputs[^1], encoding, "\"dimensions\":8"));
        Assert.Equal(vectors[^1], TestEmbeddings.BitsOf(last)[0]);
        var received = await fixture.Adapters.ReceivedAtSandboxAsync(model);
        Assert.Equal(["base64", encoding], received.Select(request => JsonDocument.Parse(request.GetProperty("body").GetString()!).RootElement.GetProperty("encoding_format").GetString()).Order(StringComparer.Ordinal));
    }
}

public sealed class OpenAiEmbeddings(AdaptersFixture fixture) : Embeddings(fixture, Family.OpenAi);

public sealed class OpenAiAnthropicClients(AdaptersFixture fixture) : AnthropicClients(fixture, Family.OpenAi);
