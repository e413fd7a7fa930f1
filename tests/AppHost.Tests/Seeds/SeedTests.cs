using System.Globalization;
using System.Text.Json.Nodes;
using Aigc2d.AppHost.LocalRuns;
using Aigc2d.AppHost.Seeds;
using Aigc2d.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Aigc2d.AppHost.Tests.Seeds;

/// <summary>A start gives an empty suite what it needs and leaves alone what is there.</summary>
public sealed class SeedTests : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddHttpClient().BuildServiceProvider();
    private FakeGateway _gateway = null!;
    private RunSettings _settings = null!;
    private AdminApi _admin = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private IHttpClientFactory Clients => _services.GetRequiredService<IHttpClientFactory>();

    public async ValueTask InitializeAsync()
    {
        _settings = new RunSettings { Port = TestSockets.FreeRange(4), ArtifactsDirectory = _folder.Path, Infrastructure = "local" };
        _gateway = await FakeGateway.StartAsync(_settings, "admin-key");
        _admin = new AdminApi(Clients, _settings, "admin-key");
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _services.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Only_models_without_a_price_get_one()
    {
        _gateway.Prices["gpt-4"] = JsonNode.Parse("""{"model":"gpt-4","inputMicropointsPer1k":1}""")!;

        await SeedPrices.RunAsync(_admin, Ct);
        await SeedPrices.RunAsync(_admin, Ct);

        Assert.Equal([$"PUT prices {Priced - 1}"], _gateway.Changes);
        Assert.Equal("""{"model":"gpt-4","inputMicropointsPer1k":1}""", _gateway.Prices["gpt-4"].ToJsonString());
        Assert.Equal(
            """{"model":"gpt-3.5-turbo","effectiveFrom":null,"inputMicropointsPer1k":6000000,"outputMicropointsPer1k":8000000,"cachedInputMicropointsPer1k":null,"cacheWriteMicropointsPer1k":null,"contextTokens":16385,"maxOutputTokens":4096,"holdOutputTokens":null}""",
            _gateway.Prices["gpt-3.5-turbo"].ToJsonString());
    }

    [Fact]
    public void Every_model_that_a_channel_lists_has_a_price_that_makes_sense()
    {
        var prices = SeedFiles.Read<PriceFile>("prices.json").Models;
        var channels = SeedFiles.Read<JsonNode>("channels.json");
        var listed = channels.AsArray().SelectMany(channel => channel!["models"]!.AsArray()).Select(model => model is JsonObject ? (string)model["name"]! : (string)model!).Distinct();

        Assert.Empty(listed.Except(prices.Select(price => price.Model)));
        Assert.Equal(prices.Length, prices.DistinctBy(price => price.Model).Count());
        Assert.All(prices, price => Assert.True(
            price.InputMicropointsPer1k > 0 && price.OutputMicropointsPer1k >= price.InputMicropointsPer1k && (price.CachedInputMicropointsPer1k ?? 1) < price.InputMicropointsPer1k
            && price.MaxOutputTokens <= price.ContextTokens && (price.HoldOutputTokens ?? 1) <= price.MaxOutputTokens,
            price.Model));
    }

    [Fact]
    public async Task The_sandbox_answers_unless_the_environment_holds_a_key()
    {
        Assert.Empty(await SeedChannels.RunAsync(_admin, _settings, _ => "", Ct));
        Assert.Equal(["openai"], await SeedChannels.RunAsync(_admin, _settings, OnlyOpenAi("sk-1234"), Ct));
        Assert.Equal(["openai"], await SeedChannels.RunAsync(_admin, _settings, OnlyOpenAi("sk-1234"), Ct));
        Assert.Equal(["openai", "anthropic", "qianfan"], await SeedChannels.RunAsync(_admin, _settings, _ => "sk-1234", Ct));

        Assert.Equal(
            ["POST channel sandbox-openai", "POST channel sandbox-anthropic", "POST channel sandbox-wenxin", "POST channel openai", "POST channel anthropic", "POST channel qianfan"],
            _gateway.Changes);
        var sandbox = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_settings.SandboxPort}");
        Assert.Equal(
            [
                ("openai", sandbox, 0), ("anthropic", sandbox, 0), ("wenxin", sandbox, 0),
                ("openai", "https://api.openai.com", 10), ("anthropic", "https://api.anthropic.com", 10), ("wenxin-v2", "https://qianfan.baidubce.com/v2", 10),
            ],
            _gateway.Channels.Select(channel => ((string)channel["provider"]!, (string)channel["baseUrl"]!, (int)channel["priority"]!)));
    }

    [Fact]
    public async Task A_channel_follows_when_the_ports_or_the_providers_key_change()
    {
        await SeedChannels.RunAsync(_admin, _settings, OnlyOpenAi("sk-1234"), Ct);
        _gateway.Channels[0]["baseUrl"] = "http://127.0.0.1:1";
        _gateway.Changes.Clear();

        await SeedChannels.RunAsync(_admin, _settings, OnlyOpenAi("sk-5678"), Ct);

        Assert.Equal([string.Create(CultureInfo.InvariantCulture, $$"""PATCH channel-0 {"baseUrl":"http://127.0.0.1:{{_settings.SandboxPort}}"}"""), """PATCH channel-3 {"credential":"sk-5678"}"""], _gateway.Changes);
    }

    [Fact]
    public async Task The_demo_account_is_made_once_and_its_key_is_kept()
    {
        var accounts = new SeedAccounts(_admin, Clients, _settings);

        var first = await accounts.DemoAsync(Ct);
        var again = await accounts.DemoAsync(Ct);
        var warmUp = await accounts.WarmUpAsync(Ct);

        Assert.Equal(first, again);
        Assert.NotEqual(first, warmUp);
        Assert.Equal(["POST account demo 10000000000", "POST account warm-up 1000000000"], _gateway.Changes);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder["data/demo.env"]));
    }

    [Fact]
    public async Task A_key_that_the_suite_does_not_know_any_more_is_replaced()
    {
        var accounts = new SeedAccounts(_admin, Clients, _settings);
        var lost = await accounts.DemoAsync(Ct);
        _gateway.Accounts.Clear();

        var found = await accounts.DemoAsync(Ct);

        Assert.NotEqual(lost.Key, found.Key);
        Assert.Equal(found, await accounts.DemoAsync(Ct));
    }

    [Fact]
    public async Task Services_that_are_still_cold_are_asked_again()
    {
        _gateway.ColdRequests = 2;

        await SeedPrices.RunAsync(_admin, Ct);

        Assert.Equal([$"PUT prices {Priced}"], _gateway.Changes);
    }

    [Fact]
    public async Task A_refusal_stops_the_start_with_what_was_asked_and_answered()
    {
        var stranger = new AdminApi(Clients, _settings, "another-key");

        var failure = await Assert.ThrowsAsync<StartFailure>(() => stranger.PutAsync("/admin/prices", Array.Empty<int>(), Ct));

        Assert.Equal("seeding: PUT /admin/prices answered 401 ", failure.Message);
    }

    private static int Priced => SeedFiles.Read<PriceFile>("prices.json").Models.Length;

    private static Func<string, string?> OnlyOpenAi(string key) => name => name == "OPENAI_API_KEY" ? key : null;
}
