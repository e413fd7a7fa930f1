using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aigc2d.EndToEnd.Tests.Acceptance;
using Aigc2d.TestKit;

namespace Aigc2d.EndToEnd.Tests.Refusals;

/// <summary>Images of prompts, shown to a provider's moderation before the provider of the chat gets them.</summary>
public sealed class BlockedImageTests(Suite suite) : IAsyncLifetime
{
    private const long Opening = 1_000_000_000;
    private const string Moderation = "omni-moderation-latest";

    private string? _channel;

    public async ValueTask InitializeAsync()
    {
        var channel = await suite.SetUpAsync(HttpMethod.Post, "/admin/channels", new
        {
            provider = "openai",
            name = "moderation of images",
            baseUrl = suite["AIGC2D_SANDBOX_URL"],
            credential = "sandbox",
            models = new[] { new { name = Suite.ImageModeration, upstream = Moderation } },
        });
        _channel = channel.GetProperty("id").GetString();

        // The channel has arrived everywhere, and nothing is asked for the first time, when somebody has been refused.
        var (_, key) = await suite.CustomerAsync(Opening);
        var model = await suite.ModelAsync();
        await Eventually.True(async () =>
        {
            using var answer = await suite.SendAsync(HttpMethod.Post, "/v1/chat/completions", key, JsonContent.Create(Ask("/v1/chat/completions", model, "https://example.com/flag:violence")));
            return answer.StatusCode == HttpStatusCode.BadRequest;
        });
    }

    public async ValueTask DisposeAsync() => await suite.AdminAsync(HttpMethod.Delete, $"/admin/channels/{_channel}");

    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/v1/messages")]
    public async Task A_forbidden_image_is_refused_each_time_costs_nothing_is_on_record_and_reaches_no_provider(string path)
    {
        var (account, key) = await suite.CustomerAsync(Opening);
        var upstream = $"gpt-4o-mini@code=c{Guid.CreateVersion7():N}";
        var (model, _) = await suite.ModelOfAsync("openai", upstream, "sandbox");
        var image = $"https://example.com/{Guid.CreateVersion7():N}/flag:sexual";

        string[] requests = [await suite.AssertRefusedAsync(path, key, Ask(path, model, image), "sexual"), await suite.AssertRefusedAsync(path, key, Ask(path, model, image), "sexual")];

        foreach (var request in requests) await Eventually.Equal("prompt block sexual P1", () => suite.VerdictsOfAsync(request));
        Assert.Equal("", await suite.StrikesOfAsync(account));
        await Eventually.Equal((Opening, 0), () => suite.PointsOfAsync(account));
        Assert.Empty(await suite.ChargesOfAsync(account));
        Assert.Equal((0, 1), (await suite.UpstreamRequestsAsync(upstream), await QuestionsAboutAsync(image)));
    }

    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/v1/messages")]
    public async Task Another_image_is_looked_at_and_its_chat_answered_and_charged(string path)
    {
        var (account, key) = await suite.CustomerAsync(Opening);
        var upstream = $"gpt-4o-mini@code=c{Guid.CreateVersion7():N}";
        var (model, _) = await suite.ModelOfAsync("openai", upstream, "sandbox");
        var image = $"https://example.com/{Guid.CreateVersion7():N}.png";

        using var answer = await suite.SendAsync(HttpMethod.Post, path, key, JsonContent.Create(Ask(path, model, image)));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var usage = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("usage");
        var (input, output) = path == "/v1/messages" ? ("input_tokens", "output_tokens") : ("prompt_tokens", "completion_tokens");
        await Charges.AssertOneAsync(suite, account, usage.GetProperty(input).GetInt32(), usage.GetProperty(output).GetInt32(), "completed");
        Assert.Equal((1, 1), (await suite.UpstreamRequestsAsync(upstream), await QuestionsAboutAsync(image)));
        Assert.Equal("", await suite.VerdictsOfAsync(answer.Headers.GetValues("x-request-id").Single()));
    }

    private static object Ask(string path, string model, string image) => new
    {
        model,
        max_tokens = 50,
        messages = new[]
        {
            new
            {
                role = "user",
                content = new object[]
                {
                    new { type = "text", text = "What is this?" },
                    path == "/v1/messages" ? new { type = "image", source = new { type = "url", url = image } } : new { type = "image_url", image_url = new { url = image } },
                },
            },
        },
    };

    // What the provider's moderation was asked, not what the chat's provider got.
    private async Task<int> QuestionsAboutAsync(string image)
    {
        var received = (await suite.SandboxAsync($"/sandbox/requests?model={Moderation}")).GetProperty("requests").EnumerateArray();
        return received.Count(request => request.GetProperty("body").GetString()!.Contains(image, StringComparison.Ordinal));
    }
}
