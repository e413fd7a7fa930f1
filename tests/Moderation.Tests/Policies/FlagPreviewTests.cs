using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aigc2d.Contracts;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Tests.Providers;
using Aigc2d.TestKit;

namespace Aigc2d.Moderation.Tests.Policies;

/// <summary>What a preview says of verdicts that a provider's flag decided.</summary>
public sealed class FlagPreviewTests(ModerationFixture moderation)
{
    [Fact]
    public async Task A_preview_counts_what_a_provider_flagged_apart_and_as_it_was_recorded()
    {
        await using var provider = await ProviderStandIn.StartAsync();
        await using var service = await moderation.StartAsync(provider: ("always", provider.Url));
        await AskAsync(service, provider, "hate", 0.97, Strictness.Standard);
        await AskAsync(service, provider, "hate", 0.97, Strictness.Strict);
        await AskAsync(service, provider, "hate", 0.3, Strictness.Standard);
        await ModerationFixture.ScreenAsync(service, ModerationFixture.Prompt(ModerationFixture.Unsafe("hate")));
        await ModerationFixture.VerdictCountAsync(ModerationFixture.OwnerOf(service), 4);

        var preview = await PolicyCalls.PreviewAsync(service, """
            [{"category":"hate","stage":"prompt","action":"review","reason":"r"},{"category":"hate","stage":"output","reason":"r"},{"category":"violence","stage":"prompt","reason":"r"}]
            """);
        var (_, plans) = await PolicyCalls.SendAsync(service, HttpMethod.Get, "/admin/policies/strictness?from=strict&to=relaxed", null);

        Assert.Equal([(1, 1, 2, 1), (0, 0, 0, 0), (0, 0, 0, 0)], preview.GetProperty("items").EnumerateArray().Select(Told));
        Assert.Equal((0, 0, 1, 0), Told(plans.GetProperty("items").EnumerateArray().Single(i => (i.GetProperty("category").GetString(), i.GetProperty("stage").GetString()) == ("hate", "prompt"))));
    }

    private static (int Verdicts, int Changed, int Blocks, int Reviews) Told(JsonElement item)
    {
        var (verdicts, flags) = (item.GetProperty("verdicts"), item.GetProperty("providerFlags"));
        return (
            verdicts.GetProperty("total").GetInt32(), verdicts.GetProperty("changed").GetProperty("atLeast").GetInt32(),
            flags.GetProperty("block").GetInt32(), flags.GetProperty("review").GetInt32());
    }

    private static async Task AskAsync(ServiceUnderTest service, ProviderStandIn provider, string flagged, double score, Strictness strictness)
    {
        provider.Flagged = new() { [flagged] = score };
        var prompt = ModerationFixture.Prompt("What is a good way to cook rice?") with { Strictness = strictness };
        using var response = await service.Client.PostAsJsonAsync("/internal/screenings/provider", prompt, ContractsJson.Default.Screening);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
