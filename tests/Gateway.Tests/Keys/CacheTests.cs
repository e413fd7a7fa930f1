using Aigc2d.Contracts.Accounts;
using Aigc2d.Gateway.Keys;
using Aigc2d.Gateway.Tests.Stands;
using Aigc2d.TestKit;

namespace Aigc2d.Gateway.Tests.Keys;

public sealed class CacheTests
{
    [Fact]
    public async Task A_key_is_verified_once_a_minute()
    {
        var clock = new TestClock();
        await using var edge = await Edge.StartAsync(clock);
        var customer = edge.Customer();
        var verified = await RememberAsync(edge, customer, 200);
        foreach (var (seconds, more) in new[] { (59, 0), (1, 1), (59, 1), (1, 2) })
        {
            clock.Advance(TimeSpan.FromSeconds(seconds));
            Assert.Equal((200, verified + more), (await StatusAsync(edge, customer), edge.Siblings.Accounts.Verified));
        }
    }

    [Fact]
    public async Task An_unknown_key_is_remembered_for_five_seconds()
    {
        var clock = new TestClock();
        await using var edge = await Edge.StartAsync(clock);
        var unknown = edge.Customer();
        edge.Siblings.Accounts.Keys.Clear();
        var verified = await RememberAsync(edge, unknown, 401);
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal((401, verified + 1), (await StatusAsync(edge, unknown), edge.Siblings.Accounts.Verified));
    }

    [Fact]
    public async Task While_Accounts_is_away_keys_of_the_last_five_minutes_go_on_and_others_are_503()
    {
        var clock = new TestClock();
        await using var edge = await Edge.StartAsync(clock);
        var (known, stranger) = (edge.Customer(), edge.Customer());
        await RememberAsync(edge, known, 200);
        edge.Siblings.Accounts.IsDown = true;
        clock.Advance(TimeSpan.FromSeconds(290));
        Assert.Equal((200, 503), (await ImpatientStatusAsync(edge, clock, known), await ImpatientStatusAsync(edge, clock, stranger)));
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(503, await ImpatientStatusAsync(edge, clock, known));

        edge.Siblings.Accounts.IsDown = false;
        await Eventually.Equal(200, () => ImpatientStatusAsync(edge, clock, known));
    }

    [Fact]
    public async Task A_lost_announcement_is_noticed_by_the_change_counter()
    {
        var clock = new TestClock();
        await using var edge = await Edge.StartAsync(clock);
        var customer = edge.Customer();
        await RememberAsync(edge, customer, 200);
        edge.Siblings.Accounts.Keys.Clear();
        edge.Siblings.Accounts.Counter++;
        Assert.Equal(200, await StatusAsync(edge, customer));

        var polls = edge.Siblings.Accounts.Requests.Count(asked => asked.Target == "/internal/changes");
        clock.Advance(PollChanges.Interval);
        await Eventually.True(() => edge.Siblings.Accounts.Requests.Count(asked => asked.Target == "/internal/changes") > polls);
        await Eventually.Equal(401, () => StatusAsync(edge, customer));
    }

    [Fact]
    public void An_announcement_drops_the_account_or_only_the_key()
    {
        var cache = new PrincipalCache(100);
        var (account, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var (first, second, third) = (Cached(account), Cached(account), Cached(other));
        KeyHash[] hashes = [KeyHash.Of("a"), KeyHash.Of("b"), KeyHash.Of("c")];
        cache.Keep(hashes[0], first, cache.Changes);
        cache.Keep(hashes[1], second, cache.Changes);
        cache.Keep(hashes[2], third, cache.Changes);

        cache.Drop(account, first.Principal!.KeyId);
        Assert.Equal([null, second, third], hashes.Select(cache.Find));
        cache.Drop(account, null);
        Assert.Equal([null, null, third], hashes.Select(cache.Find));
    }

    [Fact]
    public void An_answer_that_was_asked_for_before_a_change_is_not_kept()
    {
        var cache = new PrincipalCache(100);
        var (hash, entry) = (KeyHash.Of("a"), Cached(Guid.CreateVersion7()));
        var before = cache.Changes;
        cache.Drop(Guid.CreateVersion7(), null);
        cache.Keep(hash, entry, before);
        Assert.Null(cache.Find(hash));
        cache.Keep(hash, entry, cache.Changes);
        Assert.Equal(entry, cache.Find(hash));
    }

    [Fact]
    public void The_cache_is_bounded_and_forgets_what_is_not_used()
    {
        var cache = new PrincipalCache(100);
        var used = KeyHash.Of("used");
        cache.Keep(used, Cached(Guid.CreateVersion7()), 0);
        for (var i = 0; i < 1000; i++)
        {
            cache.Keep(KeyHash.Of($"k{i}"), Cached(Guid.CreateVersion7()), 0);
            Assert.NotNull(cache.Find(used));
        }

        Assert.InRange(Enumerable.Range(0, 1000).Count(i => cache.Find(KeyHash.Of($"k{i}")) is not null), 49, 100);
    }

    [Fact]
    public void A_doubted_principal_stays_for_an_outage_and_unknown_keys_do_not()
    {
        var cache = new PrincipalCache(100);
        var (known, unknown) = (KeyHash.Of("known"), KeyHash.Of("unknown"));
        var entry = Cached(Guid.CreateVersion7());
        cache.Keep(known, entry, 0);
        cache.Keep(unknown, new CachedPrincipal(null, 0), 0);
        cache.DoubtAll();
        Assert.Equal((entry with { IsDoubtful = true }, null), (cache.Find(known), cache.Find(unknown)));
    }

    private static CachedPrincipal Cached(Guid accountId) => new(
        new Principal
        {
            AccountId = accountId,
            KeyId = Guid.CreateVersion7(),
            Scopes = [],
            Standing = new Standing { State = "active" },
            Plan = new PlanLimits { Name = "p", RequestsPerMinute = 1, TokensPerMinute = 1, ConcurrentCalls = 1, MultiplierPpm = 1 },
        },
        0);

    private static async Task<int> StatusAsync(Edge edge, Customer customer)
    {
        using var answer = await edge.SendAsync(HttpMethod.Get, "/v1/models", customer.Key);
        return (int)answer.StatusCode;
    }

    // The first look at the change counter may come between a question and its answer, which is not kept then.
    private static async Task<int> RememberAsync(Edge edge, Customer customer, int status)
    {
        await Eventually.True(async () =>
        {
            var before = edge.Siblings.Accounts.Verified;
            return await StatusAsync(edge, customer) == status && edge.Siblings.Accounts.Verified == before;
        });
        return edge.Siblings.Accounts.Verified;
    }

    // The pause before the retry of an internal call passes only when the clock is moved.
    private static async Task<int> ImpatientStatusAsync(Edge edge, TestClock clock, Customer customer)
    {
        var asking = StatusAsync(edge, customer);
        await Eventually.True(() =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(5));
            return asking.IsCompleted;
        });
        return await asking;
    }
}
