using Aigc2d.Billing.Adjustments;
using Aigc2d.Billing.Charges;
using Aigc2d.Billing.Exports;
using Aigc2d.Billing.FinanceFeed;
using Aigc2d.Billing.Forfeitures;
using Aigc2d.Billing.Holds;
using Aigc2d.Billing.Ledger;
using Aigc2d.Billing.Prices;
using Aigc2d.Billing.Reconciliations;
using Aigc2d.Billing.Redemptions;
using Aigc2d.Billing.Settlements;
using Aigc2d.Billing.Statements;
using Aigc2d.ServiceDefaults;
using Aigc2d.ServiceDefaults.Hashing;
using Aigc2d.ServiceDefaults.Messaging;
using Aigc2d.ServiceDefaults.Postgres;

namespace Aigc2d.Billing;

/// <summary>What the customer owns and owes: ledger, holds, settlements, prices, money in, statements, the finance feed.</summary>
public static class BillingApp
{
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults("billing");
        builder.AddPostgres("billingdb", "billing_app", typeof(BillingApp).Assembly);
        builder.AddMonthlyPartitions("settlements");
        builder.AddMessaging(bus =>
        {
            bus.AddConsumerOn<SettleOnUsage>(SettleOnUsage.Queue);
            bus.AddConsumerOn<SettleOnTask>(SettleOnTask.Queue);
            bus.AddConsumerOn<KeepOnUsageTotalled>(KeepOnUsageTotalled.Queue);
        });
        builder.Services.AddOptions<BillingOptions>().BindConfiguration("Billing").ValidateDataAnnotations().ValidateOnStart();
        builder.AddCalls();
        builder.AddMoneyIn();
        builder.AddFinance();
        configure?.Invoke(builder);

        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapCalls();
        app.MapMoneyIn();
        app.MapFinance();
        return app;
    }

    private static void AddCalls(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<LedgerMetrics>();
        builder.Services.AddSingleton<PriceList>();
        builder.Services.AddSingleton<HoldPlacement>();
        builder.Services.AddSingleton<HoldRelease>();
        builder.Services.AddSingleton<Settlement>();
        builder.Services.AddHostedService<ExpireHolds>();
    }

    private static void AddMoneyIn(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<AdjustmentLedger>();
        builder.Services.AddSingleton(Peppers.Read(builder.Configuration, "Redemptions"));
        builder.Services.AddSingleton<CodeBatches>();
        builder.Services.AddSingleton<BatchList>();
        builder.Services.AddSingleton<CodeLookUp>();
        builder.Services.AddSingleton<CodeRedemption>();
        builder.Services.AddSingleton<ForfeitureLedger>();
        builder.Services.AddSingleton<ReversalLedger>();
        builder.Services.AddHostedService<AdvanceForfeitures>();
    }

    private static void AddFinance(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<CloudEvents>();
        builder.Services.AddSingleton<FeedSignal>();
        builder.Services.AddSingleton(_ => new LongReads(builder.Configuration.GetConnectionString("billingdb")!, "billing_app"));
        builder.Services.AddHostedService<FeedRelay>();
        builder.Services.AddHostedService<CloseMonths>();
    }

    private static void MapCalls(this WebApplication app)
    {
        app.MapPlaceHolds();
        app.MapReleaseHolds();
        app.MapRenewHolds();
        app.MapGetPoints();
        app.MapPutPrices();
        app.MapGetPrices();
        app.MapExplainPrices();
        app.MapGetCharge();
    }

    private static void MapMoneyIn(this WebApplication app)
    {
        app.MapAdjustPoints();
        app.MapListAdjustments();
        app.MapCreateCodes();
        app.MapDecideBatches();
        app.MapListBatches();
        app.MapRedeemCode();
        app.MapOrderForfeiture();
        app.MapDecideForfeiture();
        app.MapListForfeitures();
    }

    private static void MapFinance(this WebApplication app)
    {
        app.MapGetEvents();
        app.MapRewindFeed();
        app.MapGetStatement();
        app.MapListStatements();
        app.MapListAllStatements();
        app.MapListUsage();
        app.MapExportLedger();
        app.MapGetReconciliation();
        app.MapPutProviderUsage();
    }
}
