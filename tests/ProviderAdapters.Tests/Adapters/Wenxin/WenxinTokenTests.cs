using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Tests.Kit;
using Aigc2d.ProviderAdapters.Usage;
using Aigc2d.TestKit;
using Microsoft.AspNetCore.Http;

namespace Aigc2d.ProviderAdapters.Tests.Wenxin;

/// <summary>Calls of the first generation whose access token is the matter: at the Sandbox, each with an application of its own.</summary>
public sealed class WenxinTokenTests(AdaptersFixture fixture)
{
    private readonly string _apiKey = $"ak{Guid.CreateVersion7():N}";

    private AdaptersHost Adapters => fixture.Adapters;

    private Family Application => Family.Wenxin with { Credential = $"{_apiKey}:upstreamsecretkey1234" };

    [Theory]
    [InlineData(false, 110)]
    [InlineData(true, 110)]
    [InlineData(false, 111)]
    [InlineData(true, 111)]
    public async Task A_call_that_meets_a_stale_token_is_repeated_once_with_a_fresh_one(bool stream, int code)
    {
        var model = await Adapters.ModelAsync(Application);
        Assert.Equal(200, (await Adapters.AskAsync(TestCall.Of(model, stream))).Status);
        await EndTokensAsync(code);

        var call = TestCall.Of(model, stream);
        var answer = await Adapters.AskAsync(call);

        Assert.Equal((200, "Hello! The sandbox is here to help."), (answer.Status, answer.Content));
        Assert.Equal(2, await IssuedAsync());
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.Completed, new TokenCounts(11, 9)));
    }

    [Fact]
    public async Task Many_calls_with_one_stale_token_exchange_it_once()
    {
        var model = await Adapters.ModelAsync(Application);
        await Adapters.AskAsync(TestCall.Of(model, stream: false));
        await EndTokensAsync(110);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Adapters.AskAsync(TestCall.Of(model, stream: i % 2 == 0))));

        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        Assert.Equal(2, await IssuedAsync());
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_token_that_is_stale_again_is_our_accounts_fault_and_asked_no_third_time(bool stream)
    {
        var asked = 0;
        await using var upstream = await RawUpstream.StartAsync(http =>
        {
            Interlocked.Increment(ref asked);
            return http.Response.WriteAsJsonAsync(new { error_code = 110, error_msg = "Access token invalid or no longer valid", id = "as-1" });
        });
        var model = await Adapters.ModelAtAsync(Application, upstream.BaseAddress);
        var call = TestCall.Of(model, stream);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal((502, "provider_error", 2), (answer.Status, answer.Failure, asked));
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.ProviderError, TokenCounts.None));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Keys_that_are_refused_are_our_accounts_fault_and_shown_to_nobody(bool stream)
    {
        var model = await Adapters.ModelAsync(Family.Wenxin with { Credential = $"unknown{_apiKey}:upstreamsecretkey1234" });
        var call = TestCall.Of(model, stream);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal((502, "provider_error"), (answer.Status, answer.Failure));
        Assert.DoesNotContain(_apiKey, answer.Text, StringComparison.Ordinal);
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.ProviderError, TokenCounts.None, accepted: false));

        using var tested = await Adapters.Client.PostAsJsonAsync($"/admin/channels/{model.ChannelId}/test", new { model = model.Name });
        var result = await tested.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((false, 401, "access token refused: invalid_client unknown client id"), (result.GetProperty("ok").GetBoolean(), result.GetProperty("status").GetInt32(), result.GetProperty("error").GetString()));
    }

    [Theory]
    [InlineData("text/event-stream")]
    [InlineData("text/plain")]
    [InlineData("application/json; charset=utf-8")]
    public async Task An_error_on_the_wish_for_a_stream_is_told_whatever_it_is_called(string type)
    {
        await using var upstream = await RawUpstream.StartAsync(async http =>
        {
            http.Response.ContentType = type;
            var isStream = type == "text/event-stream";
            await http.Response.WriteAsync($"{(isStream ? "data: " : " ")}{{\"error_code\":18,\"error_msg\":\"Open api qps request limit reached\"}}{(isStream ? "\n\n" : "")}");
        });
        var model = await Adapters.ModelAtAsync(Application, upstream.BaseAddress);

        var answer = await Adapters.AskAsync(TestCall.Of(model, stream: true));

        Assert.Equal((429, "rate_limited"), (answer.Status, answer.Failure));
    }

    [Fact]
    public async Task Neither_the_token_nor_the_keys_are_found_in_a_log_or_a_trace()
    {
        var seen = new List<string?>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                lock (seen) seen.AddRange([activity.DisplayName, .. activity.TagObjects.Select(tag => tag.Value?.ToString()), .. activity.Events.SelectMany(e => e.Tags).Select(tag => tag.Value?.ToString())]);
            },
        };
        ActivitySource.AddActivityListener(listener);
        var adapters = await fixture.StartAsync(new() { ["Logging:LogLevel:Default"] = "Trace" });
        string[] secrets = [_apiKey, "upstreamsecretkey1234", "access_token=24"];
        foreach (var script in new[] { "", "status=500", "status=401", "error=110", "cut=0", "garbage=0", "status=400" })
        {
            var model = await adapters.ModelAsync(Application, script);
            foreach (var stream in new[] { false, true }) await adapters.AskAsync(TestCall.Of(model, stream));
        }

        await adapters.AskAsync(TestCall.Of(await adapters.ModelAsync(Family.Wenxin with { Credential = $"unknown{_apiKey}:upstreamsecretkey1234" }), stream: false));
        await adapters.AskAsync(TestCall.Of(await adapters.ModelAtAsync(Application, new Uri($"http://127.0.0.1:{TestSockets.FreePort()}")), stream: false));

        var log = adapters.Service.Logs.ToString();
        lock (seen)
        {
            Assert.NotEmpty(seen);
            foreach (var secret in secrets)
            {
                Assert.DoesNotContain(secret, log, StringComparison.Ordinal);
                Assert.DoesNotContain(seen, value => value?.Contains(secret, StringComparison.Ordinal) == true);
            }
        }
    }

    private async Task<int> IssuedAsync() => (await fixture.Sandbox.Client.GetFromJsonAsync<JsonElement>($"/sandbox/wenxin/tokens?ak={_apiKey}")).GetProperty("issued").GetInt32();

    private async Task EndTokensAsync(int code)
    {
        using var response = await fixture.Sandbox.Client.PostAsync(new Uri($"/sandbox/wenxin/tokens/expire?ak={_apiKey}&code={code}", UriKind.Relative), null);
        Assert.Equal(1, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("expired").GetInt32());
    }
}
