using System.Diagnostics;
using Aigc2d.AppHost.LocalRuns;
using Aigc2d.AppHost.Seeds;
using Aigc2d.AppHost.Servers;
using Aspire.Hosting;
using Microsoft.Extensions.Configuration;

namespace Aigc2d.AppHost.Tests.LocalRuns;

/// <summary>The file that a shell reads: names, addresses and quoting that others rely on.</summary>
public sealed class LocalEnvTests
{
    private static readonly RunSettings Settings = new() { Port = 9000, ArtifactsDirectory = "/srv", Infrastructure = "external" };

    [Fact]
    public async Task It_holds_every_address_and_key_without_slash_virtual_host_or_database()
    {
        var builder = DistributedApplication.CreateBuilder(
            ["--ConnectionStrings:accountsdb=Host=db.example;Port=5433;Username=aigc2d;Password=p@ss word;Database=accountsdb", "--ConnectionStrings:messaging=amqp://aigc2d:r%40b%2Fbit@mq.example:5673/"]);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Parameters:admin-key"] = "admin-1", ["Parameters:admin_key_2"] = "admin-2", ["Parameters:finance-key"] = "finance-3" });
        var servers = ExternalServers.Add(builder);

        var text = await LocalEnv.TextAsync(Settings, builder.Configuration, servers, new DemoAccount("id", "AIGC2D-key"), TestContext.Current.CancellationToken);

        Assert.Equal(
            """
            export AIGC2D_BASE_URL='http://127.0.0.1:9000'
            export AIGC2D_API_KEY='AIGC2D-key'
            export AIGC2D_ADMIN_URL='http://127.0.0.1:9001'
            export AIGC2D_ADMIN_KEY='admin-1'
            export AIGC2D_ADMIN_KEY_2='admin-2'
            export AIGC2D_FINANCE_KEY='finance-3'
            export AIGC2D_OPERATOR_URL='http://127.0.0.1:9003'
            export AIGC2D_RABBITMQ_URL='amqp://aigc2d:r%40b%2Fbit@mq.example:5673'
            export AIGC2D_POSTGRES_URL='postgresql://aigc2d:p%40ss%20word@db.example:5433'
            export AIGC2D_SANDBOX_URL='http://127.0.0.1:9002'

            """,
            text);
    }

    [Fact]
    public async Task A_shell_reads_every_value_as_it_was_meant()
    {
        const string Awkward = "it's $HOME `id` \"x\" \\ end";
        var script = LocalEnv.Format([("VALUE", Awkward)]) + "printf %s \"$VALUE\"";

        using var shell = Process.Start(new ProcessStartInfo("sh") { ArgumentList = { "-c", script }, RedirectStandardOutput = true })!;

        Assert.Equal(Awkward, await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_server_without_a_port_is_on_the_usual_one() => Assert.Equal("postgresql://u:p@h:5432", LocalEnv.PostgresUrl("Host=h;Username=u;Password=p;Database=d"));
}
