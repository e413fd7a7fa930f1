namespace Aigc2d.Sandbox.WenxinV1;

/// <summary>The access tokens that were issued, for thirty days unless scripted; a test can end them early.</summary>
public sealed class WenxinTokens(TimeProvider time)
{
    public const int Invalid = 110;
    public const int Expired = 111;
    private const int MaxTokens = 100_000;
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Issued> _tokens = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    public (string Token, int LifetimeSeconds) Issue(string apiKey, TimeSpan? lifetime)
    {
        var seconds = (int)(lifetime ?? Lifetime).TotalSeconds;
        var expiresAt = time.GetUtcNow().AddSeconds(seconds);
        var token = $"24.{Guid.CreateVersion7():N}.{seconds}.{expiresAt.ToUnixTimeSeconds()}.282335-1";
        lock (_lock)
        {
            if (_tokens.Count >= MaxTokens) _tokens.Clear();
            _tokens[token] = new Issued(apiKey, expiresAt, null);
            _counts[apiKey] = _counts.GetValueOrDefault(apiKey) + 1;
        }

        return (token, seconds);
    }

    /// <summary>Null when the token is good, or the error_code that says why not.</summary>
    public int? Judge(string token)
    {
        lock (_lock)
        {
            if (!_tokens.TryGetValue(token, out var issued)) return Invalid;
            return issued.EndedWith ?? (issued.ExpiresAt <= time.GetUtcNow() ? Expired : null);
        }
    }

    /// <summary>Ends the tokens issued so far, those of one API key or all; how many were still good.</summary>
    public int End(string? apiKey, int errorCode)
    {
        lock (_lock)
        {
            var ending = _tokens.Where(token => token.Value.EndedWith is null && (apiKey is null || token.Value.ApiKey == apiKey)).Select(token => token.Key).ToArray();
            foreach (var token in ending) _tokens[token] = _tokens[token] with { EndedWith = errorCode };
            return ending.Length;
        }
    }

    /// <summary>How many tokens were issued to one API key, or to all.</summary>
    public int CountIssued(string? apiKey)
    {
        lock (_lock) return apiKey is null ? _counts.Values.Sum() : _counts.GetValueOrDefault(apiKey);
    }

    private sealed record Issued(string ApiKey, DateTimeOffset ExpiresAt, int? EndedWith);
}
