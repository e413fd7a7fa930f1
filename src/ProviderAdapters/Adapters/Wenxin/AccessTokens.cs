using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Refit;

namespace Aigc2d.ProviderAdapters.Adapters.Wenxin;

/// <summary>What the token endpoint said: a token, or how it refused; neither when it was not reached.</summary>
internal sealed record TokenExchange(string? Token, DateTimeOffset RefreshAt, DateTimeOffset ExpiresAt)
{
    public static TokenExchange NotReached { get; } = new(null, default, default);

    public HttpStatusCode? RefusedWith { get; init; }

    public byte[] Refusal { get; init; } = [];
}

/// <summary>
/// The access tokens of all channels, in memory. However many calls wait, one exchange is under way for a pair of keys; a token that ends
/// soon is renewed while it is still used.
/// </summary>
internal sealed class AccessTokens(TimeProvider time)
{
    private const int MaxSlots = 10_000;
    private static readonly TimeSpan RefreshBefore = TimeSpan.FromHours(1);
    private static readonly TimeSpan LastMoment = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);
    private static readonly TimeSpan ExchangeLimit = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<(Uri Host, string Credential), Slot> _slots = new();

    /// <summary>The token for an application at a host. A refusal is not kept: the next call asks again.</summary>
    public Task<TokenExchange> GetAsync(Uri host, string credential, CancellationToken ct)
    {
        var slot = SlotOf(host, credential);
        Task<TokenExchange> exchange;
        lock (slot)
        {
            var now = time.GetUtcNow();
            if (slot.Good is { } good)
            {
                if (now < good.RefreshAt) return Task.FromResult(good);
                if (now < good.ExpiresAt - LastMoment)
                {
                    _ = slot.Running ??= ExchangeAsync(slot, host, credential);
                    return Task.FromResult(good);
                }
            }

            exchange = slot.Running ??= ExchangeAsync(slot, host, credential);
        }

        return exchange.WaitAsync(ct);
    }

    /// <summary>The provider does not know the token any more. Of many calls that say so, the first drops it.</summary>
    public void Drop(Uri host, string credential, string token)
    {
        var slot = SlotOf(host, credential);
        lock (slot)
        {
            if (slot.Good?.Token == token) slot.Good = null;
        }
    }

    private Slot SlotOf(Uri host, string credential)
    {
        // Keys of channels that are gone are not worth a clock of their own; a token too many costs one exchange.
        if (_slots.Count >= MaxSlots) _slots.Clear();
        return _slots.GetOrAdd((host, credential), static _ => new Slot());
    }

    private async Task<TokenExchange> ExchangeAsync(Slot slot, Uri host, string credential)
    {
        await Task.Yield(); // what follows must not run under the lock
        var exchange = TokenExchange.NotReached;
        try
        {
            exchange = await AskAsync(host, credential);
        }
        finally
        {
            lock (slot)
            {
                if (exchange.Token is not null) slot.Good = exchange;
                slot.Running = null;
            }
        }

        return exchange;
    }

    /// <summary>The exchange itself. Its address carries the keys, so nothing of a failure but its kind goes any further.</summary>
    private async Task<TokenExchange> AskAsync(Uri host, string credential)
    {
        var (apiKey, secretKey) = WenxinCredential.Of(credential);
        using var http = ProviderHttp.Create();
        http.BaseAddress = host;
        using var limit = new CancellationTokenSource(ExchangeLimit, time);
        try
        {
            using var answer = await RestService.ForGenerated<ITokenEndpoint>(http).ExchangeAsync(apiKey, secretKey, limit.Token);
            return Read(answer);
        }
        catch (Exception exception) when (exception is OperationCanceledException or HttpRequestException or IOException or ApiExceptionBase)
        {
            return TokenExchange.NotReached;
        }
    }

    private TokenExchange Read(ApiResponse<TokenEndpointAnswer> answer)
    {
        if (answer is { IsSuccessful: true, Content: { AccessToken: { Length: > 0 } token } content })
        {
            var seconds = Math.Clamp(content.ExpiresIn ?? 0, 0, (long)Longest.TotalSeconds);
            var lifetime = TimeSpan.FromSeconds(seconds);
            var expiresAt = time.GetUtcNow() + lifetime;
            return new TokenExchange(token, expiresAt - TimeSpan.FromTicks(Math.Min(RefreshBefore.Ticks, lifetime.Ticks / 10)), expiresAt);
        }

        if (answer.StatusCode is not { } status) return TokenExchange.NotReached;
        if (!answer.IsSuccessStatusCode) return Refused(status, Encoding.UTF8.GetBytes((answer.Error as ApiException)?.Content ?? ""));
        return answer.Content?.Error is null
            ? Refused(HttpStatusCode.BadGateway, [])
            : Refused(HttpStatusCode.Unauthorized, JsonSerializer.SerializeToUtf8Bytes(answer.Content));
    }

    private static TokenExchange Refused(HttpStatusCode status, byte[] words) => TokenExchange.NotReached with { RefusedWith = status, Refusal = words };

    /// <summary>One pair of keys: its token, and the exchange under way. Also the lock of both.</summary>
    private sealed class Slot
    {
        public TokenExchange? Good { get; set; }

        public Task<TokenExchange>? Running { get; set; }
    }
}
