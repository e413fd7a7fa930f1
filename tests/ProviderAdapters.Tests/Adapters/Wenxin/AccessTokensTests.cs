using System.Net;
using Aigc2d.ProviderAdapters.Adapters.Wenxin;
using Aigc2d.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Aigc2d.ProviderAdapters.Tests.Wenxin;

public sealed class AccessTokensTests : IAsyncLifetime
{
    private const string Credential = "key:secret";

    private readonly TestClock _clock = new();
    private readonly AccessTokens _tokens;
    private ServiceUnderTest _endpoint = null!;
    private Func<int, Task<IResult>> _answer = number => Task.FromResult(Token($"token-{number}", 2_592_000));
    private int _asked;

    public AccessTokensTests() => _tokens = new AccessTokens(_clock);

    public async ValueTask InitializeAsync() => _endpoint = await ServiceUnderTest.StartAsync(
        (args, configure) =>
        {
            var builder = WebApplication.CreateBuilder(args);
            configure?.Invoke(builder);
            var app = builder.Build();
            app.MapPost("/base/oauth/2.0/token", (HttpRequest request) =>
            {
                Assert.Equal("?grant_type=client_credentials&client_id=key&client_secret=secret", request.QueryString.Value);
                return _answer(Interlocked.Increment(ref _asked));
            });
            return app;
        },
        new Dictionary<string, string?>());

    public ValueTask DisposeAsync() => _endpoint.DisposeAsync();

    [Fact]
    public async Task Fifty_calls_at_once_make_one_exchange()
    {
        var gate = new TaskCompletionSource();
        _answer = async number =>
        {
            await gate.Task;
            return Token($"token-{number}", 2_592_000);
        };

        var calls = Enumerable.Range(0, 50).Select(_ => Task.Run(GetAsync)).ToArray();
        await Eventually.True(() => _asked == 1);
        gate.SetResult();

        Assert.All(await Task.WhenAll(calls), exchange => Assert.Equal("token-1", exchange.Token));
        Assert.Equal("token-1", (await GetAsync()).Token);
        Assert.Equal(1, _asked);
    }

    [Fact]
    public async Task A_token_is_renewed_in_its_last_hour_while_it_is_still_used()
    {
        Assert.Equal("token-1", (await GetAsync()).Token);
        _clock.Advance(TimeSpan.FromDays(30) - TimeSpan.FromHours(1) - TimeSpan.FromSeconds(1));
        Assert.Equal("token-1", (await GetAsync()).Token);
        Assert.Equal(1, _asked);

        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("token-1", (await GetAsync()).Token);
        await Eventually.Equal("token-2", async () => (await GetAsync()).Token);
        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task A_renewal_that_fails_leaves_the_token_in_use_until_it_ends()
    {
        Assert.Equal("token-1", (await GetAsync()).Token);
        _answer = _ => Task.FromResult(Results.StatusCode(500));
        _clock.Advance(TimeSpan.FromDays(30) - TimeSpan.FromMinutes(5));
        Assert.Equal("token-1", (await GetAsync()).Token);
        await Eventually.True(() => _asked == 2);
        Assert.Equal("token-1", (await GetAsync()).Token);

        // An exchange that is still under way runs out of time with the clock; the next one is refused.
        _clock.Advance(TimeSpan.FromMinutes(5));
        await Eventually.Equal((null, HttpStatusCode.InternalServerError), async () => await GetAsync() is var refused ? (refused.Token, refused.RefusedWith ?? default) : default);
    }

    [Fact]
    public async Task A_dropped_token_is_replaced_once_however_many_drop_it()
    {
        Assert.Equal("token-1", (await GetAsync()).Token);
        for (var i = 0; i < 10; i++) _tokens.Drop(Host, Credential, "token-1");
        Assert.Equal("token-2", (await GetAsync()).Token);
        _tokens.Drop(Host, Credential, "token-1");
        Assert.Equal("token-2", (await GetAsync()).Token);
        Assert.Equal(2, _asked);
    }

    [Theory]
    [InlineData(401, """{"error":"invalid_client","error_description":"unknown client id"}""", 401)]
    [InlineData(200, """{"error":"invalid_client","error_description":"unknown client id"}""", 401)]
    [InlineData(200, """{}""", 502)]
    [InlineData(200, """garbage""", 502)]
    [InlineData(429, "", 429)]
    [InlineData(302, "", 302)]
    public async Task A_refusal_is_told_and_not_kept(int status, string body, int refusedWith)
    {
        _answer = _ => Task.FromResult(Results.Text(body, "application/json", statusCode: status));
        var refused = await GetAsync();
        Assert.Equal((null, refusedWith), (refused.Token, (int)refused.RefusedWith!));

        _answer = number => Task.FromResult(Token($"token-{number}", 60));
        Assert.Equal("token-2", (await GetAsync()).Token);
    }

    [Fact]
    public async Task An_endpoint_that_is_not_there_is_no_refusal()
    {
        var exchange = await _tokens.GetAsync(new Uri($"http://127.0.0.1:{TestSockets.FreePort()}"), Credential, default);
        Assert.Equal((null, null), (exchange.Token, exchange.RefusedWith));
    }

    [Fact]
    public async Task A_call_that_gives_up_leaves_the_exchange_to_the_others()
    {
        var gate = new TaskCompletionSource();
        _answer = async number =>
        {
            await gate.Task;
            return Token($"token-{number}", 2_592_000);
        };
        using var giveUp = new CancellationTokenSource();
        var impatient = _tokens.GetAsync(Host, Credential, giveUp.Token);
        var patient = GetAsync();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);

        gate.SetResult();
        Assert.Equal("token-1", (await patient).Token);
    }

    private Uri Host => new(_endpoint.BaseAddress, "base");

    private Task<TokenExchange> GetAsync() => _tokens.GetAsync(Host, Credential, default);

    private static IResult Token(string token, int seconds) => Results.Json(new { access_token = token, expires_in = seconds, refresh_token = "25.aa" });
}
