using System.Text.Json;
using Aigc2d.Contracts.Moderation;
using Aigc2d.TestKit;

namespace Aigc2d.Moderation.Tests.Providers;

/// <summary>Images of prompts, which a provider's moderation looks at for us.</summary>
public sealed class ImageScreeningTests(ModerationFixture fixture)
{
    private const string Photo = "data:image/png;base64,AAAA";

    [Theory]
    [InlineData("always", "hello", 1, ScreeningStage.Prompt, ImageCheck.Required)]
    [InlineData("uncertain", "hello", 1, ScreeningStage.Prompt, ImageCheck.Wanted)]
    [InlineData("off", "hello", 1, ScreeningStage.Prompt, ImageCheck.None)]
    [InlineData("always", "hello", 0, ScreeningStage.Prompt, ImageCheck.None)]
    [InlineData("always", "hello", 1, ScreeningStage.Output, ImageCheck.None)]
    [InlineData("always", ModerationFixture.Blocked, 1, ScreeningStage.Prompt, ImageCheck.None)]
    public async Task A_verdict_says_whether_images_are_to_be_looked_at(string mode, string text, int images, ScreeningStage stage, ImageCheck check)
    {
        await using var provider = await ProviderStandIn.StartAsync();
        await using var service = await StartAsync(provider, mode);

        Assert.Equal(check, Assert.Single(await ModerationFixture.ScreenAsync(service, ModerationFixture.Prompt(text) with { Images = images, Stage = stage })).Images);
    }

    [Theory]
    [InlineData("sexual", 0.97, VerdictAction.Block, "sexual")]
    [InlineData("violence/graphic", 0.3, VerdictAction.Review, "violence")]
    [InlineData("self-harm", 0.97, VerdictAction.Support, "self_harm")]
    public async Task What_a_provider_flags_in_an_image_is_decided_by_our_policies_and_recorded_without_the_image(string flagged, double score, VerdictAction action, string category)
    {
        await using var provider = await ProviderStandIn.StartAsync();
        await using var service = await StartAsync(provider, "always");
        provider.Flagged = new() { [flagged] = score };
        var (requestId, accountId) = (Guid.CreateVersion7(), Guid.CreateVersion7());

        var (status, verdict) = await service.LookAsync(Photo, requestId, accountId);

        Assert.Equal((200, action, category, $"provider.image.{category}"), (status, verdict!.Action, verdict.Category, Assert.Single(verdict.Rules)));
        var (model, body) = Assert.Single(provider.Asked);
        Assert.Equal(("omni-moderation-latest", """{"model":"omni-moderation-latest","input":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}"""), (model, body.GetRawText()));
        if (action == VerdictAction.Support) return;

        var row = await ModerationFixture.VerdictOfAsync(ModerationFixture.OwnerOf(service), requestId);
        Assert.Equal(
            (accountId, "prompt", category, false, "[]", JsonValueKind.Null, JsonValueKind.Null),
            (row.GetProperty("account_id").GetGuid(), row.GetProperty("stage").GetString(), row.GetProperty("category").GetString(), row.GetProperty("strike").GetBoolean(), row.GetProperty("offsets").GetRawText(),
                row.GetProperty("scores").ValueKind, row.GetProperty("model_version").ValueKind));
        Assert.Empty(await ModerationFixture.RowsAsync(ModerationFixture.OwnerOf(service), "select * from violations where request_id = $1", requestId));
    }

    [Fact]
    public async Task What_a_provider_does_not_flag_is_allowed()
    {
        await using var provider = await ProviderStandIn.StartAsync();
        await using var service = await StartAsync(provider, "uncertain");

        Assert.Equal(VerdictAction.Allow, (await service.LookAsync(Photo)).Verdict!.Action);
    }

    [Fact]
    public async Task The_hash_of_an_image_is_that_of_its_file_however_it_was_written()
    {
        await using var provider = await ProviderStandIn.StartAsync();
        await using var service = await StartAsync(provider, "always");
        provider.Flagged = new() { ["sexual"] = 0.97 };
        var large = Convert.ToBase64String(Enumerable.Range(0, 300_000).Select(i => (byte)(i * 31)).ToArray());
        string[] same = [$"data:image/png;base64,{large}", $"data:image/jpeg;base64,{large}", $"data:;base64,{large[..70]}\\n{large[70..]}", $"data:image/png;base64,{large.Replace("/", "\\/", StringComparison.Ordinal).Replace("+", "\\u002B", StringComparison.Ordinal)}"];
        string[] others = [$"data:image/png;base64,{large[..^8]}", "https://example.com/a.png", "https://example.com/b.png"];

        var hashes = new List<string?>();
        foreach (var address in same.Concat(others))
        {
            var requestId = Guid.CreateVersion7();
            Assert.Equal(200, (await service.LookAsync(address, requestId)).Status);
            hashes.Add((await ModerationFixture.VerdictOfAsync(ModerationFixture.OwnerOf(service), requestId)).GetProperty("content_hash").GetString());
        }

        Assert.Equal(1 + others.Length, hashes.Distinct().Count());
        Assert.Single(hashes.Take(same.Length).Distinct());
    }

    [Fact]
    public async Task Of_an_address_only_a_public_one_is_given_away_and_as_it_was_understood()
    {
        await using var provider = await ProviderStandIn.StartAsync();
        await using var service = await StartAsync(provider, "always");

        string[] refused = ["", "a.png", "http://example.com/a.png", "https://127.0.0.1/a.png", "https://metadata.google.internal/a", "DATA:image/png;base64,AAAA", $"https://example.com/{new string('a', 10_000)}"];
        foreach (var address in refused) Assert.Equal(422, (await service.LookAsync(address)).Status);
        Assert.Empty(provider.Asked);

        Assert.Equal(200, (await service.LookAsync("HTTPS:\\/\\/B\\u00fccher.example:443\\/a b")).Status);
        Assert.Equal("https://xn--bcher-kva.example/a%20b", Assert.Single(provider.Asked).Body.GetProperty("input")[0].GetProperty("image_url").GetProperty("url").GetString());
    }

    [Theory, MemberData(nameof(ImageCalls.Failures), MemberType = typeof(ImageCalls))]
    public async Task Without_a_providers_word_there_is_none(string failure, int status)
    {
        await using var provider = await ProviderStandIn.StartAsync();
        provider.Instead = ProviderStandIn.Failing(failure);
        await using var service = await StartAsync(provider, "always");

        Assert.Equal(status, (await service.LookAsync(Photo)).Status);
    }

    [Fact]
    public async Task Of_an_image_no_address_and_no_file_is_logged_or_kept()
    {
        const string marker = "zebraquince4711";
        await using var provider = await ProviderStandIn.StartAsync();
        await using var service = await StartAsync(provider, "always");
        provider.Flagged = new() { ["sexual"] = 0.97 };
        string[] addresses = [$"https://{marker}.example/{marker}", $"data:image/{marker};base64,{marker}A", $"https://{marker}.local/", $"file:{marker}"];

        var requestId = Guid.CreateVersion7();
        foreach (var address in addresses) await service.LookAsync(address, requestId, endUser: marker);
        provider.Instead = ProviderStandIn.Failing("broken");
        foreach (var address in addresses) await service.LookAsync(address, requestId, endUser: marker);
        var row = await ModerationFixture.VerdictOfAsync(ModerationFixture.OwnerOf(service), requestId);

        Assert.Equal(JsonValueKind.String, row.GetProperty("end_user_hash").ValueKind);
        Assert.DoesNotContain(marker, row.GetRawText() + service.Logs, StringComparison.OrdinalIgnoreCase);
    }

    private Task<ServiceUnderTest> StartAsync(ProviderStandIn provider, string mode) => fixture.StartAsync(provider: (mode, provider.Url));
}
