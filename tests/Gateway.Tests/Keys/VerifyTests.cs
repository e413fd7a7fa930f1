using Aigc2d.Contracts.Accounts;
using Aigc2d.Gateway.Keys;
using Aigc2d.TestKit;

namespace Aigc2d.Gateway.Tests.Keys;

public sealed class VerifyTests
{
    private const string Key = "AIGC2D-2f68dbbf-519d-4f01-9636-e2421b68f379";

    private static readonly Principal Somebody = new()
    {
        AccountId = Guid.CreateVersion7(),
        KeyId = Guid.CreateVersion7(),
        Scopes = [],
        Standing = new Standing { State = "active" },
        Plan = new PlanLimits { Name = "p", RequestsPerMinute = 1, TokensPerMinute = 1, ConcurrentCalls = 1, MultiplierPpm = 1 },
    };

    [Fact]
    public async Task Misses_of_one_key_share_one_call_and_one_answer()
    {
        var accounts = new SlowAccounts();
        var keys = new VerifyKey(accounts, new PrincipalCache(100), new TestClock());
        var callers = Enumerable.Range(0, 50).Select(_ => Task.Run(() => keys.VerifyAsync(Key, CancellationToken.None).AsTask())).ToArray();
        await Eventually.True(() => accounts.Asked == 1);
        accounts.Answer.SetResult(new VerifyKeyResponse { Principal = Somebody });
        Assert.All(await Task.WhenAll(callers), answer => Assert.Same(Somebody, answer.Principal));
        Assert.Equal((Somebody, 1), ((await keys.VerifyAsync(Key, CancellationToken.None)).Principal, accounts.Asked));
    }

    [Fact]
    public async Task A_caller_that_gives_up_does_not_end_the_call_for_the_others()
    {
        var accounts = new SlowAccounts();
        var keys = new VerifyKey(accounts, new PrincipalCache(100), new TestClock());
        using var impatient = new CancellationTokenSource();
        var first = keys.VerifyAsync(Key, impatient.Token).AsTask();
        var second = keys.VerifyAsync(Key, CancellationToken.None).AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        accounts.Answer.SetResult(new VerifyKeyResponse { Principal = Somebody });
        Assert.Equal((new KeyAnswer(Somebody, IsOutage: false), 1), (await second, accounts.Asked));
    }

    [Fact]
    public async Task A_key_that_is_dropped_while_Accounts_fails_is_not_used_in_the_outage()
    {
        var (accounts, cache, clock) = (new SlowAccounts(), new PrincipalCache(100), new TestClock());
        var keys = new VerifyKey(accounts, cache, clock);
        cache.Keep(KeyHash.Of(Key), new CachedPrincipal(Somebody, clock.GetTimestamp()) { IsDoubtful = true }, cache.Changes);
        var asking = keys.VerifyAsync(Key, CancellationToken.None).AsTask();
        cache.Drop(Somebody.AccountId, null);
        accounts.Answer.SetException(new HttpRequestException());
        Assert.Equal(new KeyAnswer(null, IsOutage: true), await asking);
    }

    private sealed class SlowAccounts : IAccountsApi
    {
        private int _asked;

        public TaskCompletionSource<VerifyKeyResponse> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Asked => _asked;

        public Task<VerifyKeyResponse> VerifyKeyAsync(VerifyKeyRequest body, CancellationToken ct = default)
        {
            Interlocked.Increment(ref _asked);
            return Answer.Task;
        }

        public Task<ChangesResponse> GetChangesAsync(CancellationToken ct = default) => Task.FromResult(new ChangesResponse { Counter = 1 });
    }
}
