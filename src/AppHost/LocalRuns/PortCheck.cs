using System.Globalization;
using System.Net.NetworkInformation;

namespace Aigc2d.AppHost.LocalRuns;

/// <summary>Finds a taken port before anything starts, and names it.</summary>
internal static class PortCheck
{
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(500);

    /// <param name="settings">The ports of this run.</param>
    /// <param name="patience">How long a killed previous run may take to let go of its ports.</param>
    /// <param name="time">The clock.</param>
    public static async Task RequireFreeAsync(RunSettings settings, TimeSpan patience, TimeProvider time)
    {
        var ports = PortsOf(settings);
        var began = time.GetTimestamp();
        while (Taken(ports) is { } taken)
        {
            if (time.GetElapsedTime(began) >= patience)
            {
                throw new StartFailure(string.Create(
                    CultureInfo.InvariantCulture, $"port {taken.Port} ({taken.Use}) is taken by another process. Stop it, or choose other ports with ./aigc2d up --port N (N to N+19 are used)."));
            }

            await Task.Delay(Retry, time);
        }
    }

    private static List<UsedPort> PortsOf(RunSettings settings)
    {
        List<UsedPort> ports =
        [
            new(settings.Port, "public API"),
            new(settings.AdminPort, "admin API"),
            new(settings.SandboxPort, "Sandbox"),
            new(settings.ControlPort, "operator"),
        ];
        if (settings.Infrastructure != "external")
        {
            ports.Add(new UsedPort(settings.PostgresPort, "PostgreSQL"));
            ports.AddRange(Enumerable.Range(settings.RabbitMqPort, 4).Select(port => new UsedPort(port, "RabbitMQ")));
        }

        return ports;
    }

    private static UsedPort? Taken(List<UsedPort> ports)
    {
        var listening = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(listener => listener.Port).ToHashSet();
        return ports.Find(port => listening.Contains(port.Port));
    }

    private sealed record UsedPort(int Port, string Use);
}
