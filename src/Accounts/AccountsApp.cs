using Aigc2d.Accounts.Accounts;
using Aigc2d.Accounts.Changes;
using Aigc2d.Accounts.Keys;
using Aigc2d.ServiceDefaults;
using Aigc2d.ServiceDefaults.Messaging;
using Aigc2d.ServiceDefaults.Outbox;
using Aigc2d.ServiceDefaults.Postgres;

namespace Aigc2d.Accounts;

/// <summary>Who the customer is: accounts, keys, plans and limits, standing.</summary>
public static class AccountsApp
{
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults("accounts");
        builder.AddPostgres("accountsdb", "accounts_app", typeof(AccountsApp).Assembly);
        builder.AddMessaging();
        builder.AddOutbox();
        builder.Services.AddSingleton<ApiKey>();
        builder.Services.AddSingleton<Principals>();
        builder.Services.AddSingleton<AnnouncedChange>();
        configure?.Invoke(builder);

        var app = builder.Build();
        app.Services.GetRequiredService<ApiKey>(); // a missing pepper stops the start, not the first request
        app.UseServiceDefaults();
        app.MapVerifyKey();
        app.MapGetChanges();
        app.MapManageKeys();
        app.MapCreateAccount();
        app.MapGetAccounts();
        return app;
    }
}
