using System.Reflection;
using System.Text.RegularExpressions;
using Aigc2d.TestKit;

namespace Aigc2d.ProviderAdapters.Tests.Usage;

/// <summary>The table of docs/metering.md names a test for every end of a call, plain and as a stream; those tests are there.</summary>
public sealed class EndCauseTableTests
{
    [Fact]
    public void Every_test_that_the_table_of_ends_names_exists()
    {
        var document = File.ReadAllText(Path.Combine(Repository.Root, "docs/metering.md"));
        var rows = document[document.IndexOf("| cause |", StringComparison.Ordinal)..].Split('\n').TakeWhile(line => line.StartsWith('|')).Skip(2).ToArray();
        var tests = typeof(EndCauseTableTests).Assembly.GetTypes().SelectMany(type => type.GetMethods(BindingFlags.Instance | BindingFlags.Public))
            .Where(method => method.GetCustomAttributes<FactAttribute>().Any()).Select(method => method.Name).ToHashSet(StringComparer.Ordinal);

        Assert.Equal(13, rows.Length);
        Assert.All(rows.Where(row => !row.StartsWith("| input blocked", StringComparison.Ordinal)), row =>
        {
            var named = Regex.Matches(row, "`([A-Z][A-Za-z_]+)`").Select(match => match.Groups[1].Value).ToArray();
            Assert.NotEmpty(named);
            Assert.Empty(named.Except(tests));
        });
    }
}
