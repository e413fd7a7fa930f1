using Aigc2d.Contracts.Billing;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Gateway.Tests.Stands;

namespace Aigc2d.Gateway.Tests.Admission;

/// <summary>Embeddings on their way through the edge.</summary>
public sealed class EmbeddingTests
{
    private const string AsIds = """{"model":"gpt-4o-mini","input":[[13225,11,2375,0],[2375]]}""";

    [Fact]
    public async Task Input_alone_is_held_and_the_body_is_forwarded_as_it_came()
    {
        await using var edge = await Edge.StartAsync();
        var customer = edge.Customer();

        using var answer = await edge.SendAsync(HttpMethod.Post, "/v1/embeddings", customer.Key, Edge.Json(AsIds));

        Assert.Equal(200, (int)answer.StatusCode);
        var hold = Assert.Single(edge.Siblings.Billing.Holds);
        Assert.Equal((5, 0, 1), (hold.InputTokens, hold.MaxOutputTokens, hold.Choices));
        var asked = Assert.Single(edge.Siblings.Adapters.Calls);
        Assert.Equal(("/internal/embeddings", AsIds), (asked.Target, asked.Text));
        Assert.True(Assert.Single(edge.Siblings.Moderation.Screenings).ForEmbeddings);
    }

    [Theory, InlineData("[[13225,11,2375,0],[2375]]"), InlineData("\"Hello, world!\""), InlineData("[\"Hello, world!\"]")]
    public async Task A_forbidden_text_is_refused_whether_it_comes_as_text_or_as_token_ids(string input)
    {
        await using var edge = await Edge.StartAsync();
        edge.Siblings.Moderation.Judge = screening => screening.Texts.Contains("Hello, world!")
            ? new Verdict { Action = VerdictAction.Block, Category = "malware", Rules = ["r1"] }
            : new Verdict { Action = VerdictAction.Allow };

        using var answer = await edge.SendAsync(HttpMethod.Post, "/v1/embeddings", edge.Customer().Key, Edge.Json($$"""{"model":"gpt-4o-mini","input":{{input}}}"""));

        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Contains("content_policy_violation", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(edge.Siblings.Adapters.Calls);
    }

    [Fact]
    public async Task A_text_in_distress_gets_its_vector_for_there_is_nobody_to_talk_to()
    {
        await using var edge = await Edge.StartAsync();
        edge.Siblings.Moderation.Judge = _ => new Verdict { Action = VerdictAction.Support, Category = "self_harm" };

        using var answer = await edge.SendAsync(HttpMethod.Post, "/v1/embeddings", edge.Customer().Key, Edge.Json(AsIds));

        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Single(edge.Siblings.Adapters.Calls);
        Assert.Empty(edge.Siblings.Billing.Releases);
    }

    [Fact]
    public async Task A_lack_of_points_names_the_input()
    {
        await using var edge = await Edge.StartAsync();
        edge.Siblings.Billing.Decide = _ => new PlaceHoldResult { Outcome = HoldOutcome.InsufficientPoints, Micropoints = 10_000, AvailableMicropoints = 5 };

        using var answer = await edge.SendAsync(HttpMethod.Post, "/v1/embeddings", edge.Customer().Key, Edge.Json(AsIds));

        Assert.Equal(402, (int)answer.StatusCode);
        Assert.Contains("or shorten 'input'.", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
