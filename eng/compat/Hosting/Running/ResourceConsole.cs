namespace Aspire.Hosting.Running;

/// <summary>Shows the lines of resources on the AppHost's console, each with the name of its resource.</summary>
internal static class ResourceConsole
{
    private const int NameWidth = 10;

    public static void Write(string resource, string line)
    {
        try
        {
            Console.Out.WriteLine($"{resource.PadRight(NameWidth)} | {line}");
        }
        catch (IOException)
        {
            // The terminal has been closed; the lines are still in the backlog.
        }
    }
}
