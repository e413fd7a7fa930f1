using Aigc2d.Accounts.Changes;
using Aigc2d.Accounts.Customers;
using Aigc2d.Accounts.Keys;
using Aigc2d.Accounts.Plans;
using Aigc2d.ServiceDefaults;
using Aigc2d.ServiceDefaults.Hashing;
using Aigc2d.ServiceDefaults.Messaging;
using Aigc2d.ServiceDefaults.Outbox;
using Aigc2d.ServiceDefaults.Postgres;

namespace Aigc2d.Accounts;

/// <summary>Who the customer is: accounts, keys, plans, standing.</summary>
public static class AccountsApp
{
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults("accounts");
        builder.AddPostgres("accountsdb", appRole: "accounts_app", typeof(AccountsApp).Assembly);
        builder.AddMessaging();
        builder.AddOutbox();
        builder.Services.AddSingleton(Peppers.Read(builder.Configuration, "Keys"));
        builder.Services.AddSingleton<ChangeUnit>();
        builder.Services.AddSingleton<KeyTable>();
        builder.Services.AddSingleton<KeyLookUp>();
        builder.Services.AddSingleton<CustomerTable>();
        builder.Services.AddSingleton<PlanTable>();
        configure?.Invoke(builder);

        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapVerifyKey();
        app.MapGetChanges();
        app.MapCreateKey();
        app.MapListKeys();
        app.MapRevokeKey();
        app.MapCreateAccount();
        app.MapListAccounts();
        app.MapShowAccount();
        app.MapListPlans();
        app.MapPreviewPlan();
        app.MapChangePlan();
        return app;
    }
}
