using System.Net;
using Aigc2d.Billing.Redemptions;
using Aigc2d.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using static Aigc2d.Billing.Tests.BillingFixture;

namespace Aigc2d.Billing.Tests.Redemptions;

public sealed class RedemptionTests(BillingFixture billing)
{
    [Fact]
    public async Task A_code_gives_its_points_and_finance_is_told_of_a_recharge()
    {
        var account = await billing.CustomerAsync(2 * Point);
        var (batch, codes) = await billing.CodesAsync(1, 5 * Point);

        var answer = await billing.RedeemAsync(account, codes[0]);

        Assert.Equal((HttpStatusCode.OK, """{"micropoints":5000000,"balanceMicropoints":7000000}"""), (answer.Status, answer.Body.GetRawText()));
        Assert.Equal((7 * Point, 0), await billing.StandAsync(account));
        await Eventually.Equal(2, async () => (await billing.EventsOfAsync(account)).Length);
        var told = (await billing.EventsOfAsync(account))[1];
        var data = told.GetProperty("data");
        Assert.Equal("billing.recharge.posted.v1", told.GetProperty("type").GetString());
        Assert.Equal(
            (account, 2, "redemption_code", batch, 5 * Point, 7 * Point),
            (data.GetProperty("accountId").GetGuid(), data.GetProperty("accountSequence").GetInt32(), data.GetProperty("method").GetString(), data.GetProperty("batchId").GetGuid(),
                data.GetProperty("amountMicropoints").GetInt64(), data.GetProperty("balanceMicropoints").GetInt64()));
    }

    [Fact]
    public async Task A_code_opens_the_account_of_somebody_who_never_had_points()
    {
        var newcomer = Guid.CreateVersion7();
        var (_, codes) = await billing.CodesAsync(1);

        Assert.Equal(HttpStatusCode.OK, (await billing.RedeemAsync(newcomer, codes[0])).Status);
        Assert.Equal((Point, 0), await billing.StandAsync(newcomer));
    }

    [Fact]
    public async Task A_hundred_accounts_that_redeem_one_code_at_once_get_its_points_once()
    {
        var (_, codes) = await billing.CodesAsync(1);
        var accounts = Enumerable.Range(0, 100).Select(_ => Guid.CreateVersion7()).ToArray();

        var answers = await Task.WhenAll(accounts.Select(account => billing.RedeemAsync(account, codes[0])));

        Assert.Equal(
            [(HttpStatusCode.OK, null, 1), (HttpStatusCode.Conflict, "code-used", 99)],
            answers.GroupBy(answer => (answer.Status, answer.Type)).Select(group => (group.Key.Status, group.Key.Type, group.Count())).OrderBy(group => group.Status));
        var stands = await Task.WhenAll(accounts.Select(billing.StandAsync));
        Assert.Equal(Point, stands.Sum(stand => stand.Balance));
    }

    [Fact]
    public async Task A_hundred_redemptions_of_one_code_by_one_account_have_one_effect()
    {
        var account = await billing.CustomerAsync(Point);
        var (_, codes) = await billing.CodesAsync(1);

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => billing.RedeemAsync(account, codes[0])));
        var later = await billing.RedeemAsync(account, codes[0]);

        Assert.Equal(
            [(HttpStatusCode.OK, null, 1), (HttpStatusCode.Conflict, "already-redeemed", 99)],
            answers.GroupBy(answer => (answer.Status, answer.Type)).Select(group => (group.Key.Status, group.Key.Type, group.Count())).OrderBy(group => group.Status));
        Assert.Equal((HttpStatusCode.Conflict, "already-redeemed"), (later.Status, later.Type));
        Assert.Equal((2 * Point, 0), await billing.StandAsync(account));
    }

    [Fact]
    public async Task A_second_process_cannot_redeem_a_code_again()
    {
        var (_, codes) = await billing.CodesAsync(20);
        var (here, there) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await using var other = await billing.StartAsync();

        var answers = await Task.WhenAll(codes.SelectMany(code => new[] { billing.RedeemAsync(here, code), ElsewhereAsync(code) }));

        Assert.Equal(20 * Point, (await billing.StandAsync(here)).Balance + (await billing.StandAsync(there)).Balance);
        Assert.Equal(20, answers.Count(answer => answer.Status == HttpStatusCode.OK));

        Task<RedemptionAnswer> ElsewhereAsync(string code) => CodeDesk.RedeemAsync(other.Client, there, code);
    }

    [Fact]
    public async Task A_code_may_be_typed_in_many_ways()
    {
        var account = await billing.CustomerAsync(Point);
        var (_, codes) = await billing.CodesAsync(4);
        string[] typed =
        [
            codes[0].ToLowerInvariant(),
            $"  {codes[1].Replace("-", " ", StringComparison.Ordinal)} ",
            codes[2].Replace("-", "", StringComparison.Ordinal).Replace('0', 'o').Replace('1', 'l'),
            codes[3].Replace('-', '–').Replace('0', 'O').Replace('1', 'I'),
        ];

        foreach (var text in typed) Assert.Equal(HttpStatusCode.OK, (await billing.RedeemAsync(account, text)).Status);
        Assert.Equal((5 * Point, 0), await billing.StandAsync(account));
    }

    [Fact]
    public async Task What_is_no_code_is_answered_like_an_unknown_one()
    {
        var account = await billing.CustomerAsync(Point);
        var (status, body) = await billing.AskAsync(HttpMethod.Post, "/admin/redemption-codes", new { count = 2, micropoints = 600_000 * Point });
        Assert.Equal(HttpStatusCode.Accepted, status);
        var waiting = body.GetProperty("codes")[0].GetString()!;

        var answers = new List<RedemptionAnswer>();
        foreach (var text in new[] { "00000-00000-00000-00000", "", "no code at all", "\u0000", new string('A', 100_000), waiting }) answers.Add(await billing.RedeemAsync(account, text));

        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.NotFound, "unknown-code"), (answer.Status, answer.Type)));
        Assert.Single(answers.Select(answer => answer.Body.GetProperty("detail").GetString()).Distinct());
        Assert.Equal((Point, 0), await billing.StandAsync(account));
    }

    [Fact]
    public async Task A_used_an_expired_and_a_revoked_code_say_so()
    {
        var account = await billing.CustomerAsync(Point);
        var (_, used) = await billing.CodesAsync(1);
        var (expiredBatch, expired) = await billing.CodesAsync(1);
        var (revokedBatch, revoked) = await billing.CodesAsync(1);
        await billing.RedeemAsync(Guid.CreateVersion7(), used[0]);
        await billing.TamperAsync("update redemption_batches set expires_at = ledger_now() where id = $1", expiredBatch);
        await billing.AskAsync(HttpMethod.Post, $"/admin/redemption-codes/{revokedBatch}/revoke", new { reason = "printed twice" });

        var answers = await Task.WhenAll(new[] { used[0], expired[0], revoked[0] }.Select(code => billing.RedeemAsync(account, code)));

        Assert.Equal(
            [(HttpStatusCode.Conflict, "code-used"), (HttpStatusCode.Gone, "code-expired"), (HttpStatusCode.Gone, "code-revoked")],
            answers.Select(answer => (answer.Status, answer.Type)));
        Assert.Equal((Point, 0), await billing.StandAsync(account));
    }

    [Fact]
    public async Task After_ten_codes_that_did_not_work_an_account_waits_for_the_end_of_the_hour()
    {
        var account = await billing.CustomerAsync(Point);
        var (_, codes) = await billing.CodesAsync(2);
        var wrong = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => billing.RedeemAsync(account, $"wrong-{i}")));

        var good = await billing.RedeemAsync(account, codes[0]);

        Assert.Equal((10, 20), (wrong.Count(answer => answer.Status == HttpStatusCode.NotFound), wrong.Count(answer => answer.Status == HttpStatusCode.TooManyRequests)));
        Assert.Equal((HttpStatusCode.TooManyRequests, "too-many-failures"), (good.Status, good.Type));
        Assert.InRange(good.RetryAfterSeconds!.Value, 3500, 3600);
        Assert.Equal(HttpStatusCode.OK, (await billing.RedeemAsync(Guid.CreateVersion7(), codes[1])).Status);

        await billing.TamperAsync("update redemption_failures set since = ledger_now() - interval '1 hour' where account_id = $1", account);
        Assert.Equal(HttpStatusCode.OK, (await billing.RedeemAsync(account, codes[0])).Status);
        Assert.Equal((2 * Point, 0), await billing.StandAsync(account));
    }

    [Fact]
    public async Task A_banned_account_redeems_nothing_and_the_code_stays_good()
    {
        var account = await billing.CustomerAsync(Point);
        var (_, codes) = await billing.CodesAsync(1);
        await billing.SealAsync(account);

        var answer = await billing.RedeemAsync(account, codes[0]);

        Assert.Equal((HttpStatusCode.Forbidden, "account-sealed"), (answer.Status, answer.Type));
        Assert.Equal(HttpStatusCode.OK, (await billing.RedeemAsync(Guid.CreateVersion7(), codes[0])).Status);
    }

    [Fact]
    public async Task A_claim_decides_for_itself_whatever_the_look_before_it_saw()
    {
        var (account, banned, full) = (await billing.CustomerAsync(Point), await billing.CustomerAsync(Point), await billing.CustomerAsync(Point));
        var (usedBatch, used) = await billing.CodesAsync(1);
        var (expiredBatch, _) = await billing.CodesAsync(1);
        var (revokedBatch, _) = await billing.CodesAsync(1);
        var (waitingBatch, _) = await billing.CodesAsync(2, 600_000 * Point);
        var (goodBatch, _) = await billing.CodesAsync(1);
        await billing.RedeemAsync(Guid.CreateVersion7(), used[0]);
        await billing.TamperAsync("update redemption_batches set expires_at = ledger_now() where id = $1", expiredBatch);
        await billing.AskAsync(HttpMethod.Post, $"/admin/redemption-codes/{revokedBatch}/revoke", new { reason = "a test" });
        await billing.SealAsync(banned);
        await billing.TamperAsync("update ledger_accounts set balance_micropoints = 9007199254740991 where id = $1", full);

        foreach (var batch in new[] { usedBatch, expiredBatch, revokedBatch, waitingBatch }) Assert.Equal([null], await ClaimAsync(batch, account));
        Assert.Equal([null], await ClaimAsync(goodBatch, banned));
        Assert.Equal([null], await ClaimAsync(goodBatch, full));
        await billing.TamperAsync("update ledger_accounts set balance_micropoints = $2 where id = $1", full, Point);
        Assert.Equal([new(RedemptionOutcome.Redeemed, Point, 2 * Point)], await ClaimAsync(goodBatch, account));
        Assert.Equal(((2 * Point, 0L), (0L, 0L), (Point, 0L)), (await billing.StandAsync(account), await billing.StandAsync(banned), await billing.StandAsync(full)));
    }

    [Fact]
    public async Task A_balance_that_would_grow_too_large_is_refused_and_the_code_stays_good()
    {
        var account = await billing.CustomerAsync(Point);
        var (_, codes) = await billing.CodesAsync(1);
        await billing.TamperAsync("update ledger_accounts set balance_micropoints = 9007199254740991 where id = $1", account);

        var answer = await billing.RedeemAsync(account, codes[0]);
        await billing.TamperAsync("update ledger_accounts set balance_micropoints = $2 where id = $1", account, Point);

        Assert.Equal((HttpStatusCode.Conflict, "too-many-points"), (answer.Status, answer.Type));
        Assert.Equal(HttpStatusCode.OK, (await billing.RedeemAsync(account, codes[0])).Status);
    }

    [Fact]
    public async Task A_code_that_is_used_up_cannot_be_made_good_again_by_anybody()
    {
        var (batch, codes) = await billing.CodesAsync(1);
        await billing.RedeemAsync(Guid.CreateVersion7(), codes[0]);

        await using var reopen = billing.Owner.CreateCommand("update redemption_codes set redeemed_by = null, redeemed_at = null where batch_id = $1");
        reopen.Parameters.Add(new() { Value = batch });
        Assert.Equal(PostgresErrorCodes.IntegrityConstraintViolation, (await Assert.ThrowsAsync<PostgresException>(() => reopen.ExecuteNonQueryAsync())).SqlState);
        await using var reprice = billing.App.CreateCommand("update redemption_batches set micropoints = 1");
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => reprice.ExecuteNonQueryAsync())).SqlState);
    }

    private async Task<IReadOnlyList<Redemption?>> ClaimAsync(Guid batch, Guid account)
    {
        await using var command = billing.Owner.CreateCommand("select id from redemption_codes where batch_id = $1 limit 1");
        command.Parameters.Add(new() { Value = batch });
        return await billing.Services.GetRequiredService<CodeRedemption>().ClaimAsync([new((Guid)(await command.ExecuteScalarAsync())!, account)]);
    }
}
