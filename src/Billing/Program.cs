using Aigc2d.Billing;
using Aigc2d.Billing.Audit;

if (args is ["--audit"]) return await RunAudit.MainAsync(Console.Out, Console.Error);

await BillingApp.Build(args).RunAsync();
return 0;
