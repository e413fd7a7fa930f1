using Aigc2d.Billing.Settlements;
using Aigc2d.Billing.Tests.Prices;
using Aigc2d.Contracts.Providers;
using FsCheck;
using FsCheck.Fluent;
using static Aigc2d.Billing.Tests.BillingFixture;

namespace Aigc2d.Billing.Tests.Settlements;

/// <summary>Whatever happens to tasks in whatever order: one terminal state each, released if and only if it failed, charged once.</summary>
public sealed class TaskProperties(BillingFixture shared) : IAsyncLifetime
{
    private const int Tasks = 4;
    private const long Opening = 1000 * Point;
    private const long PriceOfTask = 100 * Point;

    private BillingFixture _billing = null!;

    public async ValueTask InitializeAsync() => _billing = await shared.AnotherAsync();

    public ValueTask DisposeAsync() => _billing.DisposeAsync();

    [Fact]
    public async Task Any_order_of_submissions_ends_renewals_and_lapses_charges_each_success_once_and_no_failure()
    {
        var model = await _billing.ModelAsync(PriceDesk.Kinds);
        var lists = Gen.ListOf(Operations()).Where(list => list.Count > 0);
        foreach (var operations in Gen.Sample(lists, 15, 15)) await CheckAsync([.. operations], model);
    }

    private static Gen<(string Kind, int Task)> Operations() =>
        from kind in Gen.Frequency((4, Gen.Constant("submit")), (3, Gen.Constant("succeed")), (2, Gen.Constant("fail")), (1, Gen.Constant("release")), (1, Gen.Constant("lapse")))
        from task in Gen.Choose(0, Tasks - 1)
        select (kind, task);

    private async Task CheckAsync((string Kind, int Task)[] operations, string model)
    {
        var account = await _billing.CustomerAsync(Opening);
        var ids = Enumerable.Range(0, Tasks).Select(_ => Guid.CreateVersion7()).ToArray();
        var expected = new string?[Tasks];
        var finished = new HashSet<int>();
        var charged = new HashSet<int>();

        for (var step = 0; step < operations.Length; step++)
        {
            var (kind, task) = operations[step];
            await ApplyAsync(kind, ids[task], account, model);

            if (kind == "submit") expected[task] ??= "open";
            else if (kind is "succeed" or "fail" && finished.Add(task))
            {
                if (kind == "succeed" && expected[task] is "open" or "released" or "expired" && (expected[task] != "tombstone")) charged.Add(task);
                expected[task] = expected[task] switch { "open" => kind == "succeed" ? "settled" : "released", null => "tombstone", var ended => ended };
            }
            else if (kind == "release") expected[task] = expected[task] switch { "open" => "released", null => "tombstone", var ended => ended };
            else if (kind == "lapse" && expected[task] == "open") expected[task] = "expired";

            var trace = string.Join("; ", operations.Take(step + 1));
            var stand = (Opening - (charged.Count * PriceOfTask), expected.Count(state => state == "open") * PriceOfTask);
            Assert.True(stand == await _billing.StandAsync(account), trace);
            await _billing.AssertAuditIsCleanAsync(trace);
        }
    }

    private async Task ApplyAsync(string kind, Guid id, Guid account, string model)
    {
        switch (kind)
        {
            case "submit":
                await _billing.PlaceAsync(Hold(account, input: 0, output: null, model: model, requestId: id) with { TaskAction = "imagine" });
                break;
            case "release":
                await _billing.Release.SubmitAsync(new() { RequestId = id, AccountId = account, Reason = "test" }, CancellationToken.None);
                break;
            case "lapse":
                await using (var command = _billing.Owner.CreateCommand("update holds set expires_at = ledger_now() - interval '1 second' where request_id = $1 and state = 'open'"))
                {
                    command.Parameters.Add(new() { Value = id });
                    await command.ExecuteNonQueryAsync();
                }

                await _billing.Sweeper.SweepAsync(CancellationToken.None);
                break;
            default:
                await _billing.Settlement.SubmitAsync(SettleOnTask.UsageOf(new TaskFinished
                {
                    TaskId = id,
                    AccountId = account,
                    KeyId = account,
                    Model = model,
                    Action = "imagine",
                    Succeeded = kind == "succeed",
                    EndedAt = TimeProvider.System.GetUtcNow(),
                }));
                break;
        }
    }
}
