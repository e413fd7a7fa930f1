using System.Globalization;
using Aspire.Hosting;

namespace Aigc2d.AppHost;

/// <summary>What the operator chose for this run: ports, folders, and where the servers come from.</summary>
public sealed record RunSettings
{
    private const int DefaultPort = 8080;
    private const int LastPort = 65_535 - 20;

    public required int Port { get; init; }

    public required string ArtifactsDirectory { get; init; }

    /// <summary>containers, local or external.</summary>
    public required string Infrastructure { get; init; }

    public int AdminPort => Port + 1;

    public int SandboxPort => Port + 2;

    public int ControlPort => Port + 3;

    public int PostgresPort => Port + 4;

    public int DashboardPort => Port + 5;

    /// <summary>The first of ten ports that RabbitMQ uses.</summary>
    public int RabbitMqPort => Port + 10;

    public string DataDirectory => Path.Combine(ArtifactsDirectory, "data");

    public string RunDirectory => Path.Combine(ArtifactsDirectory, "run");

    public string LocalEnvFile => Path.Combine(ArtifactsDirectory, "local.env");

    public string ControlFile => Path.Combine(RunDirectory, "control.json");

    public static RunSettings Read(IDistributedApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        var port = configuration["Aigc2d:Port"] is { Length: > 0 } text ? ParsePort(text) : DefaultPort;
        var artifacts = configuration["Aigc2d:ArtifactsDir"] is { Length: > 0 } directory ? directory : Path.Combine(builder.AppHostDirectory, "..", "..", "artifacts");
        return new RunSettings
        {
            Port = port,
            ArtifactsDirectory = Path.GetFullPath(artifacts),
            Infrastructure = builder.ExecutionContext.IsPublishMode ? "containers" : configuration["Infrastructure:Mode"] ?? "containers",
        };
    }

    private static int ParsePort(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 1023 and <= LastPort
        ? port
        : throw new InvalidOperationException($"Aigc2d:Port '{text}' is not a port between 1024 and {LastPort}.");
}
