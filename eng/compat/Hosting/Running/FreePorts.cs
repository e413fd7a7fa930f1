using System.Net.NetworkInformation;
using System.Security.Cryptography;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>Gives every endpoint its port, outside the range from which the system takes ports for outgoing connections.</summary>
internal static class FreePorts
{
    private const int First = 20_000;
    private const int Last = 32_000;

    public static void Allocate(IEnumerable<IResource> resources)
    {
        var endpoints = resources.SelectMany(resource => resource.Annotations.OfType<EndpointAnnotation>()).ToArray();
        var taken = endpoints.Select(FixedPort).OfType<int>()
            .Concat(IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(listener => listener.Port))
            .ToHashSet();
        foreach (var endpoint in endpoints)
        {
            endpoint.Allocate(FixedPort(endpoint) ?? Next(taken));
        }
    }

    private static int? FixedPort(EndpointAnnotation endpoint) => endpoint.Port ?? endpoint.TargetPort;

    private static int Next(HashSet<int> taken)
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(First, Last);
            if (taken.Add(port))
            {
                return port;
            }
        }
    }
}
