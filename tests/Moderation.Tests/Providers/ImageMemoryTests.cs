using System.Collections.Concurrent;
using System.Text;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Providers;
using Aigc2d.Moderation.Tests.Policies;
using Aigc2d.Moderation.Verdicts;
using Aigc2d.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Aigc2d.Moderation.Tests.Providers;

/// <summary>What a provider has said about an image holds for the next turns of a conversation.</summary>
public sealed class ImageMemoryTests(ModerationFixture fixture)
{
    private const string Photo = "data:image/png;base64,AAAA";
    private const string Address = "https://example.com/a.png";

    [Fact]
    public async Task A_conversation_of_forty_images_is_answered_when_its_earlier_images_were_looked_at_in_earlier_turns()
    {
        await using var provider = await ProviderStandIn.StartAsync();
        await using var service = await StartAsync(provider);
        var account = Guid.CreateVersion7();
        string[] images = [.. Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? $"https://example.com/{i}.png" : $"data:image/png;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes($"file {i}"))}")];

        foreach (var turn in new[] { 10, 20, 30, 40 })
        {
            var told = await LookAsync(service, images[..turn], account);
            Assert.Equal((turn, 10), (told.Count, told.Count(verdict => !verdict.Remembered)));
        }

        // From now on a question would wait for ever.
        provider.Instead = ProviderStandIn.Failing("silent");
        Assert.All(await LookAsync(service, images, account), verdict => Assert.Equal((VerdictAction.Allow, true), (verdict.Action, verdict.Remembered)));
        Assert.Equal(40, provider.Asked.Count);
    }

    [Theory, MemberData(nameof(ImageCalls.Failures), MemberType = typeof(ImageCalls))]
    public async Task Where_nobody_had_a_word_the_next_turn_asks_again(string failure, int status)
    {
        await using var provider = await ProviderStandIn.StartAsync();
        await using var service = await StartAsync(provider);
        var account = Guid.CreateVersion7();
        provider.Instead = ProviderStandIn.Failing(failure);

        foreach (var image in new[] { Photo, Address }) Assert.Equal(status, (await service.LookAsync(image, accountId: account)).Status);
        provider.Instead = null;
        foreach (var image in new[] { Photo, Address }) Assert.False((await service.LookAsync(image, accountId: account)).Verdict!.Remembered);

        Assert.Equal(4, provider.Asked.Count);
    }

    [Fact]
    public async Task A_changed_policy_applies_to_a_remembered_image_at_once()
    {
        await using var provider = await ProviderStandIn.StartAsync();
        await using var service = await StartAsync(provider);
        provider.Flagged = new() { ["violence/graphic"] = 0.97 };
        var account = Guid.CreateVersion7();

        var actions = new List<VerdictAction?> { (await service.LookAsync(Photo, accountId: account)).Verdict?.Action };
        foreach (var action in new[] { "review", "allow", "block" })
        {
            await PolicyCalls.PutAsync(service, $$"""[{"category":"violence","stage":"prompt","action":"{{action}}","reason":"r"}]""");
            actions.Add((await service.LookAsync(Photo, accountId: account)).Verdict?.Action);
        }

        Assert.Equal([VerdictAction.Block, VerdictAction.Review, VerdictAction.Allow, VerdictAction.Block], actions);
        Assert.Single(provider.Asked);
    }

    [Theory]
    [InlineData(Photo)]
    [InlineData(Address)]
    public async Task Every_prompt_with_a_remembered_image_is_on_record(string image)
    {
        await using var provider = await ProviderStandIn.StartAsync();
        await using var service = await StartAsync(provider);
        provider.Flagged = new() { ["sexual"] = 0.97 };
        var account = Guid.CreateVersion7();
        Guid[] requests = [Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7()];

        var rows = new List<string>();
        foreach (var request in requests)
        {
            Assert.Equal((VerdictAction.Block, request != requests[0]), (await service.LookAsync(image, request, account)).Verdict is { } verdict ? (verdict.Action, verdict.Remembered) : default);
            var row = await ModerationFixture.VerdictOfAsync(ModerationFixture.OwnerOf(service), request);
            rows.Add($"{row.GetProperty("account_id")} {row.GetProperty("category")} {row.GetProperty("rule_ids")} {row.GetProperty("strike")} {row.GetProperty("content_hash")}");
        }

        Assert.Single(rows.Distinct());
        Assert.Single(provider.Asked);
    }

    [Fact]
    public async Task Only_the_same_account_and_exactly_the_same_image_are_known_again()
    {
        await using var provider = await ProviderStandIn.StartAsync();
        await using var service = await StartAsync(provider);
        var account = Guid.CreateVersion7();
        await service.LookAsync(Photo, accountId: account);
        await service.LookAsync(Address, accountId: account);

        // The first four are the same evidence on record; what one decoder takes for the same image may be another one to the next.
        string[] others = ["data:image/jpeg;base64,AAAA", "data:image/png;base64,AA=AA", "data:image/png;base64,\\u0041AAA", "data:image/png,AAAA", "data:image/png;base64,AAAB", "https://example.com/b.png"];
        foreach (var other in others) Assert.False((await service.LookAsync(other, accountId: account)).Verdict!.Remembered);
        foreach (var image in new[] { Photo, Address }) Assert.False((await service.LookAsync(image)).Verdict!.Remembered);

        foreach (var same in new[] { Photo, Address, "HTTPS://EXAMPLE.com:443/a.png" }) Assert.True((await service.LookAsync(same, accountId: account)).Verdict!.Remembered);
    }

    [Fact]
    public async Task An_address_is_forgotten_after_five_minutes_and_a_file_after_thirty()
    {
        var clock = new TestClock(TimeProvider.System.GetUtcNow());
        await using var provider = await ProviderStandIn.StartAsync();
        await using var service = await StartAsync(provider, clock);
        var account = Guid.CreateVersion7();

        async Task<(bool, bool)> AreKnownAsync() =>
            ((await service.LookAsync(Address, accountId: account)).Verdict!.Remembered, (await service.LookAsync(Photo, accountId: account)).Verdict!.Remembered);

        Assert.Equal((false, false), await AreKnownAsync());
        clock.Advance(TimeSpan.FromMinutes(4.9));
        Assert.Equal((true, true), await AreKnownAsync());
        clock.Advance(TimeSpan.FromMinutes(0.2));
        Assert.Equal((false, true), await AreKnownAsync());
        clock.Advance(TimeSpan.FromMinutes(25));
        Assert.Equal((false, false), await AreKnownAsync());
    }

    [Fact]
    public void The_memory_is_bounded()
    {
        using var memory = new ImageMemory(new EvidenceHash(Convert.ToBase64String(new byte[32])), TimeProvider.System);
        var said = new ProviderFlags(new Dictionary<string, float>());

        for (var i = 0; i < ImageMemory.Most + 100; i++) memory.Keep($"{i}", isFile: true, said);

        Assert.InRange(memory.Count, 1, ImageMemory.Most);
    }

    private Task<ServiceUnderTest> StartAsync(ProviderStandIn provider, TimeProvider? time = null) =>
        fixture.StartAsync(provider: ("always", provider.Url), configure: time is null ? null : builder => builder.Services.AddSingleton(time));

    // As a gateway does: four at once.
    private static async Task<ConcurrentBag<Verdict>> LookAsync(ServiceUnderTest service, string[] images, Guid account)
    {
        var told = new ConcurrentBag<Verdict>();
        await Parallel.ForEachAsync(images, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (image, _) => told.Add((await service.LookAsync(image, accountId: account)).Verdict!));
        return told;
    }
}
