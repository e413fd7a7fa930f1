using Aigc2d.Contracts.Providers;
using static Aigc2d.Billing.Tests.BillingFixture;

namespace Aigc2d.Billing.Tests.Settlements;

public sealed class PartitionTests(BillingFixture billing)
{
    [Fact]
    public async Task A_settlement_is_kept_in_the_month_of_its_request_and_one_of_no_month_in_the_default_partition()
    {
        var account = await billing.CustomerAsync(10 * Point);
        var now = TimeProvider.System.GetUtcNow();
        var ofToday = Hold(account, requestId: Guid.CreateVersion7(now));
        var nextMonth = Hold(account, requestId: Guid.CreateVersion7(now.AddDays(31)));
        var ofNoMonth = Hold(account, requestId: Guid.Parse("9e107d9d-372b-4d1c-8f2a-" + account.ToString()[24..]));
        foreach (var hold in new[] { ofToday, nextMonth, ofNoMonth })
        {
            await billing.PlaceAsync(hold);
            await billing.Settlement.SubmitAsync(Usage(hold, 11, 9));
        }

        Assert.Equal($"settlements_{now:yyyy_MM}", await PartitionOfAsync(ofToday.RequestId));
        Assert.Equal($"settlements_{now.AddDays(31):yyyy_MM}", await PartitionOfAsync(nextMonth.RequestId));
        Assert.Equal("settlements_default", await PartitionOfAsync(ofNoMonth.RequestId));
    }

    [Fact]
    public async Task Requests_of_several_months_and_of_none_are_each_settled_once_also_in_one_batch()
    {
        var account = await billing.CustomerAsync(10 * Point);
        var now = TimeProvider.System.GetUtcNow();
        UsageRecorded[] usages =
        [
            Usage(Hold(account, requestId: Guid.CreateVersion7(now)), 11, 9),
            Usage(Hold(account, requestId: Guid.CreateVersion7(now.AddDays(31))), 11, 9),
            Usage(Hold(account, requestId: Guid.Parse("0e107d9d-372b-4d1c-8f2a-" + account.ToString()[24..])), 11, 9),
        ];
        foreach (var usage in usages) await billing.PlaceAsync(Hold(account, requestId: usage.RequestId));

        var first = await billing.Settlement.SettleAsync(usages);
        var again = await billing.Settlement.SettleAsync([.. usages.Reverse()]);

        Assert.Equal([138_000, 138_000, 138_000], first.Select(charge => charge!.Value.ChargedMicropoints));
        Assert.Equal([null, null, null], again);
        Assert.Equal((10 * Point - (3 * 138_000), 0), await billing.StandAsync(account));
    }

    [Fact]
    public async Task The_months_ahead_exist_before_they_begin()
    {
        await using var command = billing.Owner.CreateCommand("select keep_monthly_partitions('settlements', 3)");
        Assert.Equal(0, await command.ExecuteScalarAsync());
        await using var months = billing.Owner.CreateCommand("select count(*) from pg_inherits where inhparent = 'settlements'::regclass");
        Assert.Equal(5L, await months.ExecuteScalarAsync());
    }

    private async Task<string> PartitionOfAsync(Guid requestId)
    {
        await using var command = billing.Owner.CreateCommand("select tableoid::regclass::text from settlements where request_id = $1");
        command.Parameters.Add(new() { Value = requestId });
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
