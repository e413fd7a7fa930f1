using System.Xml.Linq;
using Aigc2d.TestKit;

namespace Aigc2d.Architecture.Tests;

/// <summary>The house has the walls that docs/architecture.md draws: who may reference whom is read from the project files.</summary>
public sealed class ReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Contracts"] = [],
        ["ServiceDefaults"] = ["Contracts"],
        ["Accounts"] = ["Contracts", "ServiceDefaults"],
        ["Billing"] = ["Contracts", "ServiceDefaults"],
        ["Moderation"] = ["Contracts", "ServiceDefaults"],
        ["ProviderAdapters"] = ["Contracts", "ServiceDefaults"],
        ["Gateway"] = ["Contracts", "ServiceDefaults"],
        ["Sandbox"] = [],

        // Started by it, not compiled into it.
        ["AppHost"] = ["Accounts", "Billing", "Moderation", "ProviderAdapters", "Gateway", "Sandbox"],
    };

    private static readonly string[] ForbiddenPackages =
        ["AutoMapper", "MediatR", "Moq", "NSubstitute", "FluentAssertions", "Microsoft.EntityFrameworkCore", "Microsoft.Extensions.Http.Resilience", "Microsoft.Extensions.ServiceDiscovery"];

    [Fact]
    public void Every_project_under_src_is_in_the_design_and_references_only_what_it_allows()
    {
        var found = Projects("src").ToDictionary(Name, References, StringComparer.Ordinal);

        Assert.Equal(Allowed.Keys.Order(StringComparer.Ordinal), found.Keys.Order(StringComparer.Ordinal));
        Assert.Empty(found.SelectMany(project => project.Value.Except(Allowed[project.Key]).Select(reference => $"{project.Key} -> {reference}")));
    }

    [Fact]
    public void A_service_is_tested_without_another_service_beside_the_sandbox()
    {
        string[] services = ["Accounts", "Billing", "Moderation", "ProviderAdapters", "Gateway"];
        var crossings = Projects("tests")
            .Where(project => services.Contains(Name(project).Replace(".Tests", "", StringComparison.Ordinal)))
            .SelectMany(project => References(project).Intersect(services).Where(reference => $"{reference}.Tests" != Name(project)).Select(reference => $"{Name(project)} -> {reference}"));

        Assert.Empty(crossings);
    }

    [Fact]
    public void Only_messaging_and_the_finance_feed_speak_to_the_broker()
    {
        var offenders = Projects("src").Where(project => Packages(project).Any(package => package.StartsWith("MassTransit", StringComparison.Ordinal) || package == "RabbitMQ.Client"))
            .Select(Name).Except(["ServiceDefaults"]);
        Assert.Empty(offenders);
    }

    [Fact]
    public void No_project_names_a_version_or_a_package_that_the_style_rules_out()
    {
        var projects = Projects("src").Concat(Projects("tests")).Concat(Projects("eng")).ToArray();
        Assert.Empty(projects.Where(project => XDocument.Load(project).Descendants("PackageReference").Any(package => package.Attribute("Version") is not null)).Select(Name));
        Assert.Empty(projects.SelectMany(project => Packages(project).Where(package => ForbiddenPackages.Any(forbidden => package.StartsWith(forbidden, StringComparison.Ordinal))).Select(package => $"{Name(project)} uses {package}")));
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = File.ReadAllText(Path.Combine(Repository.Root, "Aigc2d.sln"));
        Assert.Empty(Projects("src").Concat(Projects("tests")).Where(project => !solution.Contains($"{Name(project)}.csproj", StringComparison.Ordinal)).Select(Name));
    }

    private static IEnumerable<string> Projects(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.csproj", SearchOption.AllDirectories).Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    private static string Name(string project) => Path.GetFileNameWithoutExtension(project);

    private static string[] References(string project) =>
        [.. XDocument.Load(project).Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/'))).Where(name => !name.StartsWith("Compat", StringComparison.Ordinal))];

    private static string[] Packages(string project) =>
        [.. XDocument.Load(project).Descendants("PackageReference").Select(package => package.Attribute("Include")!.Value)];
}
