using System.Collections.Concurrent;
using System.Text.Json;
using Aigc2d.Contracts.Accounts;
using Microsoft.AspNetCore.Http;

namespace Aigc2d.Gateway.Tests.Stands;

/// <summary>Accounts: knows the keys that a test has given to customers.</summary>
public sealed class AccountsStandIn : StandIn
{
    private int _verified;

    public ConcurrentDictionary<string, Principal> Keys { get; } = new();

    public long Counter { get; set; } = 1;

    /// <summary>How often a key was verified.</summary>
    public int Verified => _verified;

    /// <summary>Holds verifications back until it is completed.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    protected override async Task<bool> TryAnswerAsync(HttpContext context, Asked asked)
    {
        switch (asked.Method, asked.Target)
        {
            case ("POST", "/internal/keys/verify"):
                Interlocked.Increment(ref _verified);
                await Gate;
                var key = JsonSerializer.Deserialize<VerifyKeyRequest>(asked.Body, Json)!.Key;
                return await WriteAsync(context, new VerifyKeyResponse { Principal = Keys.GetValueOrDefault(key) });
            case ("GET", "/internal/changes"):
                return await WriteAsync(context, new ChangesResponse { Counter = Counter });
            default:
                return false;
        }
    }
}
