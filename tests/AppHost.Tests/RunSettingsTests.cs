using Aspire.Hosting;

namespace Aigc2d.AppHost.Tests;

/// <summary>Ports and folders follow from what the operator says.</summary>
public sealed class RunSettingsTests
{
    [Fact]
    public void One_port_decides_all_the_others()
    {
        var settings = Read("--Aigc2d:Port=9000", "--Aigc2d:ArtifactsDir=/srv/artifacts", "--Infrastructure:Mode=local");

        Assert.Equal((9000, 9001, 9002, 9003, 9004, 9010), (settings.Port, settings.AdminPort, settings.SandboxPort, settings.ControlPort, settings.PostgresPort, settings.RabbitMqPort));
        Assert.Equal(("/srv/artifacts/data", "/srv/artifacts/run/control.json", "/srv/artifacts/local.env", "local"), (settings.DataDirectory, settings.ControlFile, settings.LocalEnvFile, settings.Infrastructure));
    }

    [Fact]
    public void Without_a_word_it_is_8080_and_the_checkouts_own_artifacts()
    {
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { ProjectDirectory = "/checkout/src/AppHost" });

        var settings = RunSettings.Read(builder);

        Assert.Equal((8080, "/checkout/artifacts", "containers"), (settings.Port, settings.ArtifactsDirectory, settings.Infrastructure));
    }

    [Theory]
    [InlineData("http")]
    [InlineData("80")]
    [InlineData("65530")]
    public void A_port_that_cannot_be_used_is_refused(string port) =>
        Assert.Equal($"Aigc2d:Port '{port}' is not a port between 1024 and 65515.", Assert.Throws<InvalidOperationException>(() => Read($"--Aigc2d:Port={port}")).Message);

    private static RunSettings Read(params string[] args) => RunSettings.Read(DistributedApplication.CreateBuilder(args));
}
