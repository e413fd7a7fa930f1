using Aigc2d.Billing.Settlements;
using Aigc2d.Billing.Tests.Prices;
using Aigc2d.Contracts.Billing;
using Aigc2d.Contracts.Providers;
using Aigc2d.TestKit;
using static Aigc2d.Billing.Tests.BillingFixture;

namespace Aigc2d.Billing.Tests.Settlements;

/// <summary>A task is charged what was held for it when it succeeds, and nothing when it fails.</summary>
public sealed class TaskTests(BillingFixture billing)
{
    [Theory]
    [InlineData("imagine", 100)]
    [InlineData("upscale", 10)]
    [InlineData("variation", 50)]
    [InlineData("describe", 50)]
    [InlineData("blend", 100)]
    [InlineData("reroll", 100)]
    public async Task A_task_that_succeeded_costs_its_action_and_one_that_failed_nothing(string action, long points)
    {
        var account = await billing.CustomerAsync(1000 * Point);
        PlaceHold[] asks = [await TaskAsync(account, action), await TaskAsync(account, action)];
        Assert.Equal((1000 * Point, 2 * points * Point), await billing.StandAsync(account));

        Assert.Equal(new("plain", points * Point, points * Point), await FinishAsync(asks[0], succeeded: true));
        Assert.Equal(new("free", 0, 0), await FinishAsync(asks[1], succeeded: false));

        Assert.Equal(((1000 - points) * Point, 0), await billing.StandAsync(account));
        Assert.Equal([("settled", "completed"), ("released", "provider_error")], [await HoldOfAsync(asks[0]), await HoldOfAsync(asks[1])]);
    }

    [Fact]
    public async Task A_task_costs_the_price_of_its_submission_whatever_changed_since()
    {
        var model = await billing.ModelAsync(PriceDesk.Kinds);
        var account = await billing.CustomerAsync(1000 * Point);
        var imagine = await TaskAsync(account, "imagine", model);
        var diffusion = await TaskAsync(account, null, model);

        await billing.PutAsync(model, "\"tasks\":{\"imagine\":1000000},\"diffusion\":{\"base\":1,\"perControlNetUnit\":1,\"micropointsPerUnit\":1,\"roundToMicropoints\":1}");

        Assert.Equal(new("plain", 100 * Point, 100 * Point), await FinishAsync(imagine, succeeded: true));
        Assert.Equal(new("plain", 52 * Point, 52 * Point), await FinishAsync(diffusion, succeeded: true));
        Assert.Equal((848 * Point, 0), await billing.StandAsync(account));
    }

    [Fact]
    public async Task The_word_that_a_task_finished_counts_once_and_the_first_one_stands()
    {
        var account = await billing.CustomerAsync(1000 * Point);
        var failed = await TaskAsync(account, "imagine");
        var done = await TaskAsync(account, "imagine");

        Assert.Equal([new("free", 0, 0), null, null], [await FinishAsync(failed, false), await FinishAsync(failed, true), await FinishAsync(failed, false)]);
        Assert.Equal([new("plain", 100 * Point, 100 * Point), null, null], [await FinishAsync(done, true), await FinishAsync(done, false), await FinishAsync(done, true)]);

        Assert.Equal((900 * Point, 0), await billing.StandAsync(account));
    }

    [Fact]
    public async Task A_task_that_succeeded_after_its_hold_expired_is_charged_late_from_available_points()
    {
        var account = await billing.CustomerAsync(150 * Point);
        var late = await TaskAsync(account, "imagine");
        await using (var lapse = billing.Owner.CreateCommand("update holds set expires_at = ledger_now() - interval '1 second' where request_id = $1"))
        {
            lapse.Parameters.Add(new() { Value = late.RequestId });
            await lapse.ExecuteNonQueryAsync();
        }

        await billing.Sweeper.SweepAsync(CancellationToken.None);
        var open = await TaskAsync(account, "imagine");

        Assert.Equal(new("late", 100 * Point, 50 * Point), await FinishAsync(late, succeeded: true));
        Assert.Equal((100 * Point, 100 * Point), await billing.StandAsync(account));
        await FinishAsync(open, succeeded: false);
    }

    [Fact]
    public async Task A_message_that_a_task_finished_settles_its_hold_and_tells_finance_what_was_bought()
    {
        var account = await billing.CustomerAsync(1000 * Point);
        var (done, failed, diffusion) = (await TaskAsync(account, "imagine"), await TaskAsync(account, "imagine"), await TaskAsync(account, null));

        await billing.PublishAsync(Finished(done, true));
        await billing.PublishAsync(Finished(failed, false));
        await billing.PublishAsync(Finished(diffusion, true));

        await Eventually.Equal((848 * Point, 0), () => billing.StandAsync(account));
        await Eventually.Equal(3, async () => (await billing.EventsOfAsync(account)).Length);
        var told = (await billing.EventsOfAsync(account)).Select(e => e.GetProperty("data")).Where(data => data.TryGetProperty("requestId", out _)).ToDictionary(data => data.GetProperty("requestId").GetGuid());
        Assert.Equal(
            ("imagine", """{"task":100000000,"input":0,"output":0}""", "completed", "midjourney"),
            (Text(done, "taskAction"), told[done.RequestId].GetProperty("rates").GetRawText().Replace(" ", "", StringComparison.Ordinal), Text(done, "endCause"), Text(done, "provider")));
        Assert.Equal(20, told[diffusion.RequestId].GetProperty("diffusion").GetProperty("steps").GetInt32());

        string? Text(PlaceHold ask, string member) => told[ask.RequestId].GetProperty(member).GetString();
    }

    [Fact]
    public async Task Somebody_elses_account_in_the_message_charges_nobody_and_leaves_the_hold()
    {
        var account = await billing.CustomerAsync(1000 * Point);
        var other = await billing.CustomerAsync(1000 * Point);
        var ask = await TaskAsync(account, "imagine");

        Assert.Equal(new("no_hold", 0, 0), await FinishAsync(ask with { AccountId = other }, succeeded: true));

        Assert.Equal(((1000 * Point, 100 * Point), (1000 * Point, 0)), (await billing.StandAsync(account), await billing.StandAsync(other)));
        await billing.Release.SubmitAsync(new() { RequestId = ask.RequestId, AccountId = account, Reason = "test" }, CancellationToken.None);
    }

    private async Task<PlaceHold> TaskAsync(Guid account, string? action, string? model = null)
    {
        var ask = Hold(account, input: 0, output: null, model: model ?? await billing.ModelAsync(PriceDesk.Kinds)) with
        {
            TaskAction = action,
            Diffusion = action is null ? new DiffusionJob { Width = 768, Height = 768, Steps = 20, ControlNetUnits = 1 } : null,
        };
        Assert.Equal(HoldOutcome.Placed, await billing.PlaceAsync(ask));
        return ask;
    }

    private Task<Charge?> FinishAsync(PlaceHold ask, bool succeeded) => billing.Settlement.SubmitAsync(SettleOnTask.UsageOf(Finished(ask, succeeded)));

    private static TaskFinished Finished(PlaceHold ask, bool succeeded) => new()
    {
        TaskId = ask.RequestId,
        AccountId = ask.AccountId,
        KeyId = ask.KeyId,
        Model = ask.Model,
        Action = ask.TaskAction ?? "txt2img",
        Succeeded = succeeded,
        Provider = "midjourney",
        ChannelId = Guid.CreateVersion7(),
        EndedAt = TimeProvider.System.GetUtcNow(),
    };

    private async Task<(string State, string Reason)> HoldOfAsync(PlaceHold ask)
    {
        await using var command = billing.Owner.CreateCommand("select state, close_reason from holds where request_id = $1");
        command.Parameters.Add(new() { Value = ask.RequestId });
        await using var reader = await command.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync());
        return (reader.GetString(0), reader.GetString(1));
    }
}
