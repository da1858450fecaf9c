# The hub on a laptop of the same network, and codes for the camera.

nearby = Local network
nearby-help = Wi-Fi or cable without the internet: the lead's laptop is the hub.
nearby-open = Let others come to this laptop
nearby-close = Stop
nearby-go = Go to a laptop nearby
nearby-show = On the other laptops: Sync › Local network. Type address and code, or let the camera read the picture. Say them in person: the code is how they know this laptop.
nearby-show-there = Address and code stand on the lead's screen
nearby-address = Address
nearby-address-hint = As it stands on the other laptop's screen, such as 192.168.1.20:8788
nearby-code = Code
nearby-code-hint = 16 letters and digits. Small letters and missing dashes do no harm.
nearby-stays = What they bring is taken in while this page is open. It goes on beside other pages until you stop it or close Tianye. If nobody gets through, allow Tianye in the firewall, for private networks.
nearby-alone = This laptop is in no network: connect it first, then stop and begin again.
nearby-qr = Address and code, for a camera
nearby-scan = Read with the camera
nearby-not-this = What the camera read is not the picture of a hub
invitation-show = Show for a camera
invitation-scan = Read an invitation with the camera
invitation-qr = The invitation, for a camera
invitation-qr-help = On the new laptop: “Read an invitation with the camera”. Show it only to the one it invites: it holds a secret.
invitation-type = Type address and code
invitation-fetch = Fetch the invitation
invitation-untyped = No code to type: no hub that keeps invitations was reached when it was made. Use the file, or show it to the camera.
error-hub-other-code = Another hub answers at this address than the one with this code. Nothing was sent. Compare both with the lead's screen.
error-nearby-failed = This laptop cannot be a hub now. Is another Tianye open on it?
invitation-for = Invitation for { $name }
